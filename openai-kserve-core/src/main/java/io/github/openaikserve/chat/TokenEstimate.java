package io.github.openaikserve.chat;

/** The estimate of {@link TokenCounter#ESTIMATE}. */
final class TokenEstimate {
  private TokenEstimate() {}

  static int of(String text) {
    long quarters = 3; // rounds up
    for (int i = 0; i < text.length(); i++) {
      quarters += quarters(text.charAt(i));
    }
    return (int) Math.min(Integer.MAX_VALUE, quarters / 4);
  }

  /** Returns the quarters of a token for a character; each of two surrogates has four. */
  private static int quarters(char c) {
    if (c < 0x80) {
      return 1;
    }
    return c < 0x800 ? 2 : 4;
  }
}
