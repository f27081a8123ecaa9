package io.github.openaikserve.chat.format;

import java.util.List;

/** The characters received so far of a tag or a name. Not thread-safe. */
final class HeldTag {
  /** The result of adding a character. */
  enum Match {
    /** The character continues no tag and was not added. */
    NOT,
    /** The character continues a tag. */
    PARTLY,
    /** The character completes a tag. */
    WHOLE
  }

  private final StringBuilder held = new StringBuilder();

  /**
   * Adds a character if it continues one of the tags. Skips a space inside a tag, because some
   * models put spaces around the equals sign.
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

  /** Removes the first {@code length} characters. */
  void remove(int length) {
    held.delete(0, length);
  }

  /** Keeps only the first {@code length} characters. */
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
