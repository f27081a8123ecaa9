package io.github.openaikserve.openai;

/**
 * How many tokens an answer took. Immutable.
 *
 * @param estimated whether the server did not count them, so that these figures are the library's
 *     own estimate; sent to clients only when true
 */
public record CompletionUsage(int promptTokens, int completionTokens, boolean estimated) {
  /**
   * Checks the counts.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public CompletionUsage {
    if (promptTokens < 0 || completionTokens < 0) {
      throw new IllegalArgumentException(
          "token counts must not be negative, were " + promptTokens + " and " + completionTokens);
    }
  }

  /** Returns the sum of both counts, at most {@link Integer#MAX_VALUE}. */
  public int totalTokens() {
    return (int) Math.min(Integer.MAX_VALUE, (long) promptTokens + completionTokens);
  }
}
