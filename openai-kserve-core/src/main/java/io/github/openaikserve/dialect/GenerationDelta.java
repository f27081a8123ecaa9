package io.github.openaikserve.dialect;

import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of one response of a generation. Immutable.
 *
 * @param text bytes of UTF-8, which may begin or end inside a character; empty when there is none
 * @param finishReason the server's word for why the generation ended; null while it goes on or when
 *     the word cannot be believed
 * @param promptTokens how many tokens the prompt has; null when not told
 * @param completionTokens how many tokens this step added; null when not told
 * @param logprobs of the tokens this step added; null when not told
 * @param cachedTokens how many tokens of the prompt the server read from its cache; null when not
 *     told
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

  /** A step of which nothing is known about the server's cache. */
  public GenerationDelta(
      ByteBuffer text,
      @Nullable String finishReason,
      @Nullable Integer promptTokens,
      @Nullable Integer completionTokens,
      @Nullable List<ChatCompletionTokenLogprob> logprobs) {
    this(text, finishReason, promptTokens, completionTokens, logprobs, null);
  }

  /** A step without log probabilities. */
  public GenerationDelta(
      ByteBuffer text,
      @Nullable String finishReason,
      @Nullable Integer promptTokens,
      @Nullable Integer completionTokens) {
    this(text, finishReason, promptTokens, completionTokens, null, null);
  }
}
