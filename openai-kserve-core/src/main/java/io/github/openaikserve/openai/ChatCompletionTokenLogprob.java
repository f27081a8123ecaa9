package io.github.openaikserve.openai;

import java.util.List;

/**
 * A generated token and how likely it was. Immutable.
 *
 * @param token its text
 * @param logprob the natural logarithm of its probability; {@link Double#NEGATIVE_INFINITY} for a
 *     token that cannot occur, which JSON shows as -9999.0
 * @param topLogprobs the likeliest tokens at its place; empty when none were asked for
 */
public record ChatCompletionTokenLogprob(
    String token, double logprob, List<TopLogprob> topLogprobs) {
  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if the log probability is not a number
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

  /** One of the likeliest tokens. */
  public record TopLogprob(String token, double logprob) {
    /**
     * Checks the log probability.
     *
     * @throws IllegalArgumentException if it is not a number
     */
    public TopLogprob {
      check(logprob);
    }
  }
}
