package io.github.openaikserve.internal.regex;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A reader of the characters of a pattern. */
final class PatternReader {
  private static final Pattern BOUNDS = Pattern.compile("\\{(\\d{1,9})(?:(,)(\\d{1,9})?)?}");

  private final String pattern;
  private final boolean unicode;
  private int at;

  PatternReader(String pattern) {
    this(pattern, false);
  }

  /**
   * Creates a reader.
   *
   * @param unicode whether classes such as {@code \\w} include the letters of all languages
   */
  PatternReader(String pattern, boolean unicode) {
    this.pattern = pattern;
    this.unicode = unicode;
  }

  boolean isUnicode() {
    return unicode;
  }

  boolean atEnd() {
    return at >= pattern.length();
  }

  int peek() {
    return pattern.codePointAt(at);
  }

  int next() {
    if (atEnd()) {
      throw wrong("unexpected end");
    }
    int c = peek();
    at += Character.charCount(c);
    return c;
  }

  boolean take(int c) {
    boolean there = !atEnd() && peek() == c;
    if (there) {
      at += Character.charCount(c);
    }
    return there;
  }

  /** Takes hexadecimal digits and returns their value; -1 if they are missing. */
  int takeHex(int digits) {
    if (at + digits > pattern.length()) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = Character.digit(pattern.charAt(at + i), 16);
      if (digit < 0) {
        return -1;
      }
      value = value * 16 + digit;
    }
    at += digits;
    return value;
  }

  /** Takes the text up to a character and the character itself. Returns the text. */
  String takeUntil(char end) {
    int to = pattern.indexOf(end, at);
    if (to < 0) {
      throw wrong("missing " + end);
    }
    String text = pattern.substring(at, to);
    at = to + 1;
    return text;
  }

  /**
   * Takes the bounds of a repetition in braces, with -1 for no maximum; null if there are no
   * bounds.
   */
  int @Nullable [] takeBounds(int most) {
    Matcher bounds = BOUNDS.matcher(pattern).region(at, pattern.length());
    if (!bounds.lookingAt()) {
      return null;
    }
    int min = Integer.parseInt(bounds.group(1));
    int max =
        bounds.group(2) == null
            ? min
            : bounds.group(3) == null ? -1 : Integer.parseInt(bounds.group(3));
    if (min > most || max > most || (max >= 0 && max < min)) {
      throw wrong("a repetition is out of range");
    }
    at = bounds.end();
    return new int[] {min, max};
  }

  IllegalArgumentException wrong(String why) {
    return new IllegalArgumentException(why);
  }
}
