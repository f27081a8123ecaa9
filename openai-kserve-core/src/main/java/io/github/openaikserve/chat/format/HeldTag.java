package io.github.openaikserve.chat.format;

import java.util.List;

/** A tag or a name while it arrives. Not thread-safe. */
final class HeldTag {
  /** What the last character makes of the held text. */
  enum Match {
    /** The character continues no tag, and is not held. */
    NOT,
    /** A tag continues with it. */
    PARTLY,
    /** A tag is complete. */
    WHOLE
  }

  private final StringBuilder held = new StringBuilder();

  /**
   * Adds a character if one of the tags continues with it. Some models put spaces around the equals
   * sign.
   */
  Match next(List<String> tags, char c) {
    int length = held.length();
    boolean fits = false;
    boolean whole = false;
    boolean longer = false;
    for (String tag : tags) {
      if (tag.length() > length && tag.charAt(length) == c && isBeginningOf(tag)) {
        fits = true;
        whole |= tag.length() == length + 1;
        longer |= tag.length() > length + 1;
      }
    }
    if (fits) {
      held.append(c);
    }
    boolean skipped = !fits && c == ' ' && length > 0;
    return whole && !longer ? Match.WHOLE : fits || skipped ? Match.PARTLY : Match.NOT;
  }

  private boolean isBeginningOf(String tag) {
    return tag.regionMatches(0, held.toString(), 0, held.length());
  }

  boolean endsWith(String text) {
    int start = held.length() - text.length();
    return start >= 0 && held.indexOf(text, start) == start;
  }

  void append(char c) {
    held.append(c);
  }

  void append(String text) {
    held.append(text);
  }

  /** Removes the first characters. */
  void remove(int length) {
    held.delete(0, length);
  }

  /** Removes all but the first characters. */
  void cut(int length) {
    held.setLength(length);
  }

  void clear() {
    held.setLength(0);
  }

  boolean isEmpty() {
    return held.isEmpty();
  }

  int length() {
    return held.length();
  }

  @Override
  public String toString() {
    return held.toString();
  }
}
