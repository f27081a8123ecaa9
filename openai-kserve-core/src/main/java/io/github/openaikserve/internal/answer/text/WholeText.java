package io.github.openaikserve.internal.answer.text;

import io.github.openaikserve.chat.TokenCounter;

/**
 * The text of an answer that arrives in one response, cut at the token limit. One instance per
 * choice. Not thread-safe.
 *
 * <p>Tokens are counted here, because a server that did not receive the limit does not apply it.
 */
public final class WholeText {
  /** The limit that never cuts the text. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  private final TokenCounter counter;
  private final StringBuilder text = new StringBuilder();
  private boolean cut;

  public WholeText(TokenCounter counter) {
    this.counter = counter;
  }

  /**
   * Adds a piece and returns the part of it within the limit.
   *
   * @param limit the maximum number of tokens of the whole text
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

  /** Returns the length of the longest prefix with at most {@code limit} tokens. */
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

  /** Returns whether the text was cut. */
  boolean isCut() {
    return cut;
  }

  /** Returns the number of tokens of the text. */
  public int tokens() {
    return counter.count(text.toString());
  }
}
