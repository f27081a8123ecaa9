package io.github.openaikserve.chat;

/**
 * A model's tokenizer, which also counts tokens. Thread-safe.
 *
 * <p>As a model's {@code tokenCounter}, it serves {@code /tokenize} and {@code /detokenize} for the
 * model, and provides exact counts.
 */
public interface Tokenizer extends TokenCounter {
  /**
   * Returns the token ids of a text, with special tokens where the text has their marks. Adds none
   * that the text does not have, such as the one that begins a prompt.
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
