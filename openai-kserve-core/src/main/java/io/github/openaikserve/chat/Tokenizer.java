package io.github.openaikserve.chat;

/**
 * A model's tokenizer, which also counts tokens. Thread-safe.
 *
 * <p>As a model's {@code tokenCounter}, it serves {@code /tokenize} and {@code /detokenize} for the
 * model, and provides exact counts.
 */
public interface Tokenizer extends TokenCounter {
  /**
   * Returns the token ids of a text. The text of a special token becomes its id. Adds no tokens
   * that the text does not contain, such as a BOS token.
   *
   * @throws IllegalArgumentException if the text is too long for the tokenizer
   */
  int[] encode(String text);

  /**
   * Returns the text of token ids. Malformed UTF-8 becomes U+FFFD.
   *
   * @throws IllegalArgumentException if an id is not in the vocabulary
   */
  String decode(int[] tokens);

  @Override
  default int count(String text) {
    return encode(text).length;
  }
}
