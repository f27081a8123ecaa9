package io.github.openaikserve.chat;

/** The implementation of {@link TokenCounter#ESTIMATE}. */
final class TokenEstimate {
  private TokenEstimate() {}

  static int of(String text) {
    long quarters = 3; // rounds up
    for (int i = 0; i < text.length(); i++) {
      quarters += quarters(text.charAt(i));
    }
    return (int) Math.min(Integer.MAX_VALUE, quarters / 4);
  }

  /**
   * Returns the number of quarter tokens of a character; four for each half of a surrogate pair.
   */
  private static int quarters(char c) {
    if (c < 0x80) {
      return 1;
    }
    return c < 0x800 ? 2 : 4;
  }
}
