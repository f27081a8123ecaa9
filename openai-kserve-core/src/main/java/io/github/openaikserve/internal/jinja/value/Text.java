package io.github.openaikserve.internal.jinja.value;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.IntPredicate;

/** Python's view of text: a sequence of code points, with Python's definition of white space. */
public final class Text {
  private Text() {}

  public static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Returns the first characters of a text. */
  public static String cut(String text, int most) {
    int end = Math.min(text.length(), most);
    if (text.length() > most) {
      end = 0;
      for (int i = 0; i < most && end < text.length(); i++) {
        end += Character.charCount(text.codePointAt(end));
      }
    }
    return text.substring(0, end);
  }

  static void appendHex(StringBuilder to, int number, int digits) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      to.append(Character.forDigit(number >> shift & 15, 16));
    }
  }

  /**
   * Compares by code points. {@link String#compareTo} would order emoji before some other
   * characters.
   */
  public static int compare(String left, String right) {
    int shared = Math.min(left.length(), right.length());
    for (int i = 0; i < shared; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        boolean decided = Character.isSurrogate(a) == Character.isSurrogate(b);
        return decided ? Character.compare(a, b) : Character.isSurrogate(a) ? 1 : -1;
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  static Iterator<Object> characters(String text) {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < text.length();
      }

      @Override
      public Object next() {
        if (next >= text.length()) {
          throw new NoSuchElementException();
        }
        int start = next;
        next += Character.charCount(text.codePointAt(start));
        return text.substring(start, next);
      }
    };
  }

  public static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
  }

  public static String strip(String text) {
    return strip(text, Text::isSpace, true, true);
  }

  public static String strip(String text, IntPredicate what, boolean left, boolean right) {
    int start = 0;
    int end = text.length();
    while (left && start < end && what.test(text.codePointAt(start))) {
      start += Character.charCount(text.codePointAt(start));
    }
    while (right && end > start && what.test(text.codePointBefore(end))) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(start, end);
  }

  public static List<String> lines(String text, boolean keepEnds) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      if (isLineEnd(text.charAt(i))) {
        int end = i;
        if (text.startsWith("\r\n", i)) {
          i++;
        }
        lines.add(text.substring(start, keepEnds ? i + 1 : end));
        start = i + 1;
      }
    }
    if (start < text.length()) {
      lines.add(text.substring(start));
    }
    return lines;
  }

  private static boolean isLineEnd(char c) {
    return (c >= '\n' && c <= '\r')
        || (c >= 0x1c && c <= 0x1e)
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  /** Returns whether each word begins with a capital and continues without one. */
  public static boolean isTitle(String text) {
    boolean inWord = false;
    boolean cased = false;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      boolean capital = Character.isUpperCase(c) || Character.isTitleCase(c);
      if (isCased(c) && capital == inWord) {
        return false;
      }
      inWord = isCased(c);
      cased |= inWord;
    }
    return cased;
  }

  public static boolean isIdentifier(String text) {
    if (text.isEmpty()) {
      return false;
    }
    int first = text.codePointAt(0);
    return (first == '_' || Character.isUnicodeIdentifierStart(first))
        && text.codePoints()
            .allMatch(
                c -> Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c));
  }

  public static String title(String text) {
    return CaseMapping.title(text);
  }

  public static boolean isCased(int c) {
    return CaseMapping.isCased(c);
  }

  public static String capitalize(String text) {
    return CaseMapping.capitalize(text);
  }

  public static String swapCase(String text) {
    return CaseMapping.swapCase(text);
  }

  public static String caseFold(String text) {
    return CaseMapping.caseFold(text);
  }

  public static String lower(String text) {
    return CaseMapping.lower(text);
  }

  public static String upper(String text) {
    return CaseMapping.upper(text);
  }
}
