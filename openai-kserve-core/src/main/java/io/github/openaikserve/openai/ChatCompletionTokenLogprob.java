package io.github.openaikserve.openai;

import java.util.List;

/**
 * A generated token with its log probability. Immutable.
 *
 * @param token the token's text
 * @param logprob the natural logarithm of the token's probability; {@link Double#NEGATIVE_INFINITY}
 *     for a probability of 0, which JSON shows as -9999.0
 * @param topLogprobs the most likely tokens at this position; empty unless requested
 */
public record ChatCompletionTokenLogprob(
    String token, double logprob, List<TopLogprob> topLogprobs) {
  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if the log probability is NaN
   */
  public ChatCompletionTokenLogprob {
    topLogprobs = List.copyOf(topLogprobs);
    check(logprob);
  }

  private static void check(double logprob) {
    if (Double.isNaN(logprob)) {
      throw new IllegalArgumentException("logprob must be a number, was NaN");
    }
  }

  /** One of the most likely tokens. */
  public record TopLogprob(String token, double logprob) {
    /**
     * Checks the log probability.
     *
     * @throws IllegalArgumentException if it is NaN
     */
    public TopLogprob {
      check(logprob);
    }
  }
}
