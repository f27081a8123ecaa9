package io.github.openaikserve.openai;

import java.util.List;

/**
 * The tokens of a completion and their log probabilities. Immutable.
 *
 * @param tokens the tokens, in order
 * @param textOffset the offset of the first token in the text, in characters
 */
public record CompletionLogprobs(List<ChatCompletionTokenLogprob> tokens, int textOffset) {
  /** Copies the list. */
  public CompletionLogprobs {
    tokens = List.copyOf(tokens);
  }
}
