package io.github.openaikserve.internal.answer;

import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.ArrayList;
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
  private final CompletionUsage spent;
  private final List<GenerationDecoder> readers = new ArrayList<>(1);
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
    this.spent = spent;
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

  /** Takes what counts the next choice, before the call is made. */
  void counts(GenerationDecoder reader) {
    readers.add(reader);
  }

  /**
   * What was counted so far, whether or not a choice has ended; null if no response has come. May
   * be asked by any thread: of a call that goes on it sees what was counted a moment ago.
   */
  @Nullable CompletionUsage usageSoFar() {
    long prompts = spent.promptTokens();
    long completions = spent.completionTokens();
    boolean anyEstimated = spent.estimated();
    boolean any = prompts + completions > 0;
    int lastPrompt = -1;
    for (int i = 0; i < readers.size(); i++) {
      GenerationDecoder reader = readers.get(i);
      if (reader.hasResponded()) {
        any = true;
        completions += reader.completionTokens();
        anyEstimated |= reader.isEstimated();
        if (i / perPrompt != lastPrompt) {
          lastPrompt = i / perPrompt;
          prompts += reader.promptTokens();
        }
      }
    }
    return any ? new CompletionUsage(bounded(prompts), bounded(completions), anyEstimated) : null;
  }

  private static int bounded(long tokens) {
    return (int) Math.min(Integer.MAX_VALUE, tokens);
  }

  CompletionUsage usage() {
    return new CompletionUsage(promptTokens, completionTokens, estimated);
  }
}
