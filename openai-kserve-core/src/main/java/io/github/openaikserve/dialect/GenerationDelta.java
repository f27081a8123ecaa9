package io.github.openaikserve.dialect;

import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of one response of a generation. Immutable.
 *
 * @param text UTF-8 that may begin or end inside a character; empty for none
 * @param finishReason the server's finish reason; null if the generation continues or the reason is
 *     unreliable
 * @param promptTokens the number of tokens of the prompt; null if not reported
 * @param completionTokens the number of tokens that this response adds; null if not reported
 * @param logprobs the log probabilities of the added tokens; null if not reported
 * @param cachedTokens the number of prompt tokens that the server read from its cache; null if not
 *     reported
 */
public record GenerationDelta(
    ByteBuffer text,
    @Nullable String finishReason,
    @Nullable Integer promptTokens,
    @Nullable Integer completionTokens,
    @Nullable List<ChatCompletionTokenLogprob> logprobs,
    @Nullable Integer cachedTokens) {
  /** Copies the list. */
  public GenerationDelta {
    logprobs = logprobs == null ? null : List.copyOf(logprobs);
  }

  /** Creates a delta without a count of cached tokens. */
  public GenerationDelta(
      ByteBuffer text,
      @Nullable String finishReason,
      @Nullable Integer promptTokens,
      @Nullable Integer completionTokens,
      @Nullable List<ChatCompletionTokenLogprob> logprobs) {
    this(text, finishReason, promptTokens, completionTokens, logprobs, null);
  }

  /** Creates a delta without log probabilities. */
  public GenerationDelta(
      ByteBuffer text,
      @Nullable String finishReason,
      @Nullable Integer promptTokens,
      @Nullable Integer completionTokens) {
    this(text, finishReason, promptTokens, completionTokens, null, null);
  }
}
