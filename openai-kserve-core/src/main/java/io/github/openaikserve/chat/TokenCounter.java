package io.github.openaikserve.chat;

/**
 * A counter of the tokens of a text, for servers that do not report token counts. Thread-safe.
 *
 * <p>Set with {@code ModelBuilder.tokenCounter}. Implement {@link Tokenizer} instead if the model's
 * vocabulary is available: it also converts between texts and token ids.
 */
@FunctionalInterface
public interface TokenCounter {
  /**
   * An estimate from the length in UTF-8: a character of one byte is a quarter of a token, one of
   * two bytes (Greek, Cyrillic, Hebrew, Arabic, accented Latin) half a token, one of three bytes
   * (Chinese, Japanese, Korean, Thai, Hindi) a token, and one of four bytes (emoji) two. Any text
   * has at least one token.
   *
   * <p><b>Source:</b> counts of cl100k_base, o200k_base and the tokenizers of Llama 2, Llama 3 and
   * Mistral 7B for a text in each of 12 languages, program code and emoji. The estimate is between
   * the lowest and the highest of the five counts, except for English and Russian, where it is at
   * most 10 % higher, and for program code, where it is 25 % lower.
   */
  TokenCounter ESTIMATE = TokenCounter::estimate;

  /**
   * Returns the number of tokens of a text; not negative. Called with a whole prompt, input or
   * answer, on the thread that processes the call, so it must not block. An exception fails the
   * request.
   */
  int count(String text);

  private static int estimate(String text) {
    long quarters = 3; // rounds up
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i); // each half of a surrogate pair is four quarters
      quarters += c < 0x80 ? 1 : c < 0x800 ? 2 : 4;
    }
    return (int) Math.min(Integer.MAX_VALUE, quarters / 4);
  }
}
