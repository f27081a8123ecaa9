package io.github.openaikserve.openai;

import java.util.List;

/**
 * The tokens of a completion and their log probabilities. Immutable.
 *
 * @param tokens the tokens, in order
 * @param textOffsets the offset of each token in the text of the choice, in characters (Unicode
 *     code points). A token that is a part of a character has the offset of the character. Empty
 *     for the tokens of a chat, which have no offsets
 */
public record CompletionLogprobs(
    List<ChatCompletionTokenLogprob> tokens, List<Integer> textOffsets) {
  /** Copies the lists. */
  public CompletionLogprobs {
    tokens = List.copyOf(tokens);
    textOffsets = List.copyOf(textOffsets);
  }

  /** Returns a copy whose tokens are this number of characters later in the text. */
  public CompletionLogprobs after(int characters) {
    return characters == 0
        ? this
        : new CompletionLogprobs(
            tokens, textOffsets.stream().map(offset -> offset + characters).toList());
  }
}
