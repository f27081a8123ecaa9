package io.github.openaikserve.internal.jinja.value;

import java.util.Locale;

/**
 * Python's mappings of text to upper, lower and title case, in time linear in the text. The JDK
 * copies the whole text for each character that becomes several, and reads the whole word for each
 * Greek sigma.
 */
final class CaseMapping {
  /** The number of characters that are copied again for a character that becomes several. */
  private static final int CHUNK = 64;

  private static final char SIGMA = '\u03a3';
  private static final char FINAL_SIGMA = '\u03c2';
  private static final char DOTTED_I = '\u0130';

  /** The punctuation within words, which does not end a word for a Greek sigma. */
  private static final String WITHIN_WORDS =
      "'.:\u00b7\u0387\u055f\u05f4\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a";

  private CaseMapping() {}

  static String upper(String text) {
    if (text.length() <= CHUNK) {
      return text.toUpperCase(Locale.ROOT);
    }
    var upper = new StringBuilder(text.length());
    for (int from = 0, to; from < text.length(); from = to) {
      to = Math.min(text.length(), from + CHUNK);
      to += to < text.length() && Character.isHighSurrogate(text.charAt(to - 1)) ? 1 : 0;
      upper.append(text.substring(from, to).toUpperCase(Locale.ROOT));
    }
    return upper.toString();
  }

  static String lower(String text) {
    if (text.indexOf(SIGMA) < 0 && text.indexOf(DOTTED_I) < 0) {
      return text.toLowerCase(Locale.ROOT);
    }
    var lower = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      lower(lower, text, i, c);
      i += Character.charCount(c);
    }
    return lower.toString();
  }

  /** Returns the text with upper case after each character that is not a letter. */
  static String title(String text) {
    var titled = new StringBuilder(text.length());
    boolean inWord = false;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (inWord) {
        lower(titled, text, i, c);
      } else {
        title(titled, c);
      }
      inWord = isCased(c);
      i += Character.charCount(c);
    }
    return titled.toString();
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    var capitalized = new StringBuilder(text.length());
    int first = text.codePointAt(0);
    title(capitalized, first);
    String lower = lower(text);
    int rest = first == DOTTED_I ? 2 : Character.charCount(Character.toLowerCase(first));
    return capitalized.append(lower, rest, lower.length()).toString();
  }

  static String swapCase(String text) {
    var swapped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (Character.isUpperCase(c)) {
        lower(swapped, text, i, c);
      } else if (Character.isLowerCase(c)) {
        swapped.append(Character.toString(c).toUpperCase(Locale.ROOT));
      } else {
        swapped.appendCodePoint(c);
      }
      i += Character.charCount(c);
    }
    return swapped.toString();
  }

  static String caseFold(String text) {
    return lower(upper(text)).replace(FINAL_SIGMA, '\u03c3');
  }

  static boolean isCased(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }

  private static void lower(StringBuilder to, String text, int at, int c) {
    if (c == DOTTED_I) {
      to.append("i\u0307");
    } else if (c == SIGMA && endsWord(text, at)) {
      to.append(FINAL_SIGMA);
    } else {
      to.appendCodePoint(Character.toLowerCase(c));
    }
  }

  /** Returns whether the character at a position follows a letter and precedes none. */
  private static boolean endsWord(String text, int at) {
    int before = at;
    while (before > 0 && isIgnored(text.codePointBefore(before))) {
      before -= Character.charCount(text.codePointBefore(before));
    }
    if (before == 0 || !isCased(text.codePointBefore(before))) {
      return false;
    }
    int after = at + 1;
    while (after < text.length() && isIgnored(text.codePointAt(after))) {
      after += Character.charCount(text.codePointAt(after));
    }
    return after == text.length() || !isCased(text.codePointAt(after));
  }

  private static boolean isIgnored(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.FORMAT,
          Character.MODIFIER_LETTER,
          Character.MODIFIER_SYMBOL ->
          true;
      default -> WITHIN_WORDS.indexOf(c) >= 0;
    };
  }

  /** Appends the title case of a character, which has several characters for a ligature. */
  private static void title(StringBuilder to, int c) {
    int title = Character.toTitleCase(c);
    boolean simple = title != c || Character.isTitleCase(c);
    String upper = simple ? "" : Character.toString(c).toUpperCase(Locale.ROOT);
    if (upper.codePointCount(0, upper.length()) < 2) {
      to.appendCodePoint(title);
      return;
    }
    to.append(upper.charAt(0));
    for (int i = 1; i < upper.length(); i++) {
      char next = upper.charAt(i);
      boolean iota = next == '\u0399'; // a mark below the first letter
      boolean kept = c == '\u0149'; // its first character is an apostrophe
      to.append(iota ? '\u0345' : kept ? next : Character.toLowerCase(next));
    }
  }
}
