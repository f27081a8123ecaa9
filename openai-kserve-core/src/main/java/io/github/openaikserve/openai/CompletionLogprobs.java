package io.github.openaikserve.openai;

import java.util.List;

/**
 * The tokens of a completion and how likely they were. Immutable.
 *
 * @param tokens in order
 * @param textOffset where the first of them begins, in characters from the beginning of the text
 */
public record CompletionLogprobs(List<ChatCompletionTokenLogprob> tokens, int textOffset) {
  /** Copies the list. */
  public CompletionLogprobs {
    tokens = List.copyOf(tokens);
  }
}
