package io.github.openaikserve.internal.engine;

import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the choices of an answer ended: nobody hears of it before all have. Not thread-safe; one per
 * call.
 */
final class Choices {
  private final int perPrompt;
  private final @Nullable FinishReason[] reasons;
  private int promptTokens;
  private int completionTokens;
  private boolean estimated;
  private int finished;

  /**
   * Choices that have not ended.
   *
   * @param perPrompt how many of them share a prompt, whose tokens count once
   * @param spent what was used up before for the same answer
   */
  Choices(int count, int perPrompt, CompletionUsage spent) {
    this.reasons = new FinishReason[count];
    this.perPrompt = perPrompt;
    this.promptTokens = spent.promptTokens();
    this.completionTokens = spent.completionTokens();
    this.estimated = spent.estimated();
  }

  int count() {
    return reasons.length;
  }

  void finish(int index, GenerationEvent.Finish finish) {
    reasons[index] = finish.reason();
    completionTokens += finish.usage().completionTokens();
    estimated |= finish.usage().estimated();
    if (index % perPrompt == 0) {
      promptTokens += finish.usage().promptTokens();
    }
    finished++;
  }

  boolean allFinished() {
    return finished == reasons.length;
  }

  FinishReason reason(int index) {
    return Objects.requireNonNull(reasons[index]);
  }

  /** Why the choices ended that have ended. */
  List<FinishReason> reasons() {
    return Stream.of(reasons).filter(Objects::nonNull).<FinishReason>map(r -> r).toList();
  }

  CompletionUsage usage() {
    return new CompletionUsage(promptTokens, completionTokens, estimated);
  }
}
