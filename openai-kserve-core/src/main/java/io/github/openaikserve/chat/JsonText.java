package io.github.openaikserve.chat;

import org.jspecify.annotations.Nullable;

/** JSON's escapes, both ways. */
final class JsonText {
  private static final String ESCAPED = "\"\\/bfnrt";
  private static final String MEANT = "\"\\/\b\f\n\r\t";
  private static final int HEX_DIGITS = 4;

  private JsonText() {}

  /** The text as it stands between the quotes of a JSON string. */
  static String escaped(CharSequence text) {
    var json = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int known = c == '/' ? -1 : MEANT.indexOf(c);
      if (known >= 0) {
        json.append('\\').append(ESCAPED.charAt(known));
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.toString();
  }

  /** What stands between the quotes of a JSON string, as text; null if an escape is none. */
  static @Nullable String unescaped(CharSequence json) {
    var unescaper = new Unescaper();
    var text = new StringBuilder(json.length());
    for (int i = 0; i < json.length(); i++) {
      if (!unescaper.next(json.charAt(i), text)) {
        return null;
      }
    }
    return unescaper.isBetweenCharacters() ? text.toString() : null;
  }

  /** Reads a JSON string's characters one after the other. Not thread-safe; one per string. */
  static final class Unescaper {
    private boolean escape;
    private int hexLeft;
    private int code;

    /** Takes a character and appends what it completes; false if it makes no escape. */
    boolean next(char c, StringBuilder text) {
      if (hexLeft > 0) {
        return nextOfCode(c, text);
      }
      if (!escape) {
        escape = c == '\\';
        if (!escape) {
          text.append(c);
        }
        return true;
      }
      escape = false;
      if (c == 'u') {
        hexLeft = HEX_DIGITS;
        code = 0;
        return true;
      }
      int known = ESCAPED.indexOf(c);
      if (known >= 0) {
        text.append(MEANT.charAt(known));
      }
      return known >= 0;
    }

    private boolean nextOfCode(char c, StringBuilder text) {
      int digit = Character.digit(c, 16);
      if (digit < 0) {
        return false;
      }
      code = code * 16 + digit;
      hexLeft--;
      if (hexLeft == 0) {
        text.append((char) code);
      }
      return true;
    }

    /** Whether no escape is open, so that a quote would end the string. */
    boolean isBetweenCharacters() {
      return !escape && hexLeft == 0;
    }
  }
}
