package io.github.openaikserve.internal.answer;

import io.github.openaikserve.chat.TokenCounter;

/**
 * The text of an answer that comes in one response, cut where it has more tokens than allowed. Not
 * thread-safe; one per choice.
 *
 * <p>The tokens are counted in the text, because a server that was not given the limit does not end
 * at it.
 */
final class WholeText {
  /** The limit of a text that is never cut. */
  static final int UNLIMITED = Integer.MAX_VALUE;

  private final TokenCounter counter;
  private final StringBuilder text = new StringBuilder();
  private boolean cut;

  WholeText(TokenCounter counter) {
    this.counter = counter;
  }

  /**
   * Adds a piece and returns what is left of it.
   *
   * @param limit the number of tokens that the whole text may have
   */
  String add(String piece, int limit) {
    if (cut || piece.isEmpty()) {
      return "";
    }
    int before = text.length();
    text.append(piece);
    if (limit == UNLIMITED || counter.count(text.toString()) <= limit) {
      return piece;
    }
    cut = true;
    text.setLength(Math.max(before, longest(text.toString(), limit)));
    return text.substring(before);
  }

  /** Returns the length of the longest beginning that has at most as many tokens. */
  private int longest(String whole, int limit) {
    int fits = 0;
    int exceeds = whole.length();
    while (exceeds - fits > 1) {
      int middle = (fits + exceeds) >>> 1;
      if (counter.count(whole.substring(0, middle)) <= limit) {
        fits = middle;
      } else {
        exceeds = middle;
      }
    }
    return fits > 0 && Character.isHighSurrogate(whole.charAt(fits - 1)) ? fits - 1 : fits;
  }

  /** Returns whether the text had more tokens than allowed. */
  boolean isCut() {
    return cut;
  }

  /** Returns the tokens of the text. */
  int tokens() {
    return counter.count(text.toString());
  }
}
