package io.github.openaikserve.openai;

/**
 * The token usage of an answer. Immutable.
 *
 * @param estimated whether the counts are estimates of this library, because the server reported
 *     none; sent to clients only if true
 * @param reasoningTokens the number of completion tokens that are reasoning
 */
public record CompletionUsage(
    int promptTokens, int completionTokens, boolean estimated, int reasoningTokens) {
  /** Creates the usage of an answer without reasoning. */
  public CompletionUsage(int promptTokens, int completionTokens, boolean estimated) {
    this(promptTokens, completionTokens, estimated, 0);
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
  }

  /** Returns the sum of both counts, at most {@link Integer#MAX_VALUE}. */
  public int totalTokens() {
    return (int) Math.min(Integer.MAX_VALUE, (long) promptTokens + completionTokens);
  }
}
