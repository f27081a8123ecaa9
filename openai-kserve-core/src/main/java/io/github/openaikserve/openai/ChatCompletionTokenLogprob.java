package io.github.openaikserve.openai;

import java.util.List;

/**
 * A generated token and how likely it was. Immutable.
 *
 * @param token its text
 * @param logprob the natural logarithm of its probability
 * @param topLogprobs the likeliest tokens at its place; empty when none were asked for
 */
public record ChatCompletionTokenLogprob(
    String token, double logprob, List<TopLogprob> topLogprobs) {
  /** Copies the list. */
  public ChatCompletionTokenLogprob {
    topLogprobs = List.copyOf(topLogprobs);
  }

  /** One of the likeliest tokens. */
  public record TopLogprob(String token, double logprob) {}
}
