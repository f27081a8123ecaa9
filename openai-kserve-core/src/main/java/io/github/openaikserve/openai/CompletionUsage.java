package io.github.openaikserve.openai;

/**
 * How many tokens an answer took. Immutable.
 *
 * @param estimated whether the server did not count them, so that these figures are the library's
 *     own estimate; sent to clients only when true
 * @param reasoningTokens those of the completion tokens that are reasoning
 */
public record CompletionUsage(
    int promptTokens, int completionTokens, boolean estimated, int reasoningTokens) {
  /** Counts the tokens of an answer without reasoning. */
  public CompletionUsage(int promptTokens, int completionTokens, boolean estimated) {
    this(promptTokens, completionTokens, estimated, 0);
  }

  /**
   * Checks the counts.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public CompletionUsage {
    if (promptTokens < 0 || completionTokens < 0 || reasoningTokens < 0) {
      throw new IllegalArgumentException(
          "token counts must not be negative, were " + promptTokens + " and " + completionTokens);
    }
  }

  /** Returns the sum of both counts, at most {@link Integer#MAX_VALUE}. */
  public int totalTokens() {
    return (int) Math.min(Integer.MAX_VALUE, (long) promptTokens + completionTokens);
  }
}
