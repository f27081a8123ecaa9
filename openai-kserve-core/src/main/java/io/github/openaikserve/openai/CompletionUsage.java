package io.github.openaikserve.openai;

import org.jspecify.annotations.Nullable;

/**
 * The token usage of an answer. Immutable.
 *
 * @param estimated whether the numbers are the library's own estimate because the server reports
 *     none; sent to clients only when true
 * @param reasoningTokens the number of completion tokens that are reasoning
 * @param cachedTokens the number of prompt tokens that the server read from its cache; null if the
 *     server does not report it
 */
public record CompletionUsage(
    int promptTokens,
    int completionTokens,
    boolean estimated,
    int reasoningTokens,
    @Nullable Integer cachedTokens) {
  /** Creates the usage of an answer whose server does not report cached tokens. */
  public CompletionUsage(
      int promptTokens, int completionTokens, boolean estimated, int reasoningTokens) {
    this(promptTokens, completionTokens, estimated, reasoningTokens, null);
  }

  /** Counts the tokens of an answer without reasoning. */
  public CompletionUsage(int promptTokens, int completionTokens, boolean estimated) {
    this(promptTokens, completionTokens, estimated, 0, null);
  }

  /**
   * Checks the counts.
   *
   * @throws IllegalArgumentException if a count is negative
   */
  public CompletionUsage {
    if (promptTokens < 0 || completionTokens < 0 || reasoningTokens < 0) {
      throw new IllegalArgumentException(
          "token counts must not be negative, were " + promptTokens + " and " + completionTokens);
    }
    if (cachedTokens != null && (cachedTokens < 0 || cachedTokens > promptTokens)) {
      throw new IllegalArgumentException(
          "cachedTokens must be 0 to %d, the tokens of the prompt, was %d"
              .formatted(promptTokens, cachedTokens));
    }
  }

  /** Returns the sum of both counts, at most {@link Integer#MAX_VALUE}. */
  public int totalTokens() {
    return (int) Math.min(Integer.MAX_VALUE, (long) promptTokens + completionTokens);
  }
}
