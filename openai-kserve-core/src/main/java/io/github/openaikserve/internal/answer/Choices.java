package io.github.openaikserve.internal.answer;

import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.internal.answer.text.TokenCounts;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The choices of an answer: the call, the decoder and the finish reason of each, and the token
 * usage of all. Not thread-safe.
 */
final class Choices {
  private static final CompletionUsage NOTHING = new CompletionUsage(0, 0, false);

  private final List<GenerationDecoder> decoders;
  private final List<GenerationCall> calls;
  private final int perPrompt;
  private final @Nullable FinishReason[] reasons;
  private final CompletionUsage spent;

  /**
   * Creates unfinished choices.
   *
   * @param decoders one decoder for each choice
   * @param calls the call of each choice
   * @param perPrompt the number of choices that share a prompt, whose tokens count once
   * @param spent the token usage of an earlier attempt at the same answer; null for none
   */
  Choices(
      List<GenerationDecoder> decoders,
      List<GenerationCall> calls,
      int perPrompt,
      @Nullable CompletionUsage spent) {
    this.decoders = decoders;
    this.calls = calls;
    this.perPrompt = perPrompt;
    this.reasons = new FinishReason[decoders.size()];
    this.spent = spent == null ? NOTHING : spent;
  }

  int count() {
    return reasons.length;
  }

  GenerationDecoder decoder(int choice) {
    return decoders.get(choice);
  }

  List<GenerationDecoder> decoders() {
    return decoders;
  }

  /** Returns the current call of a choice. */
  GenerationCall call(int choice) {
    return calls.get(choice);
  }

  /** Returns the call that continues a choice after its reasoning was ended; null for none. */
  @Nullable GenerationCall continuation(int choice) {
    Generation rest = decoders.get(choice).rest();
    if (rest == null) {
      return null;
    }
    GenerationCall next = calls.get(choice).continuedBy(rest);
    calls.set(choice, next);
    return next;
  }

  void finish(int choice, FinishReason reason) {
    reasons[choice] = reason;
  }

  FinishReason reason(int choice) {
    return Objects.requireNonNull(reasons[choice]);
  }

  /** Returns the finish reasons of the choices that have finished. */
  List<FinishReason> reasons() {
    return Stream.of(reasons).filter(Objects::nonNull).<FinishReason>map(r -> r).toList();
  }

  /** Returns the token usage so far; null if there was no response. */
  @Nullable CompletionUsage usage() {
    int prompts = spent.promptTokens();
    int completions = spent.completionTokens();
    int reasoning = spent.reasoningTokens();
    Integer cached = spent.cachedTokens();
    boolean estimated = spent.estimated();
    boolean any = prompts + completions > 0;
    int lastPrompt = -1;
    for (int i = 0; i < decoders.size(); i++) {
      if (decoders.get(i).hasResponded()) {
        any = true;
        CompletionUsage usage = decoders.get(i).usage();
        completions = TokenCounts.sum(completions, usage.completionTokens());
        reasoning = TokenCounts.sum(reasoning, usage.reasoningTokens());
        estimated |= usage.estimated();
        if (i / perPrompt != lastPrompt) {
          lastPrompt = i / perPrompt;
          prompts = TokenCounts.sum(prompts, usage.promptTokens());
          cached = TokenCounts.sumOfKnown(cached, usage.cachedTokens());
        }
        prompts = TokenCounts.sum(prompts, decoders.get(i).tokens().furtherPrompts());
        cached = TokenCounts.sumOfKnown(cached, decoders.get(i).tokens().furtherCached());
      }
    }
    return any ? new CompletionUsage(prompts, completions, estimated, reasoning, cached) : null;
  }
}
