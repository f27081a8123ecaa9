package io.github.openaikserve.internal.literal;

import java.util.HexFormat;

/** JSON's escapes. */
public final class JsonText {
  private static final String ESCAPED = "\"\\/bfnrt";
  private static final String MEANT = "\"\\/\b\f\n\r\t";

  private static final HexFormat HEX = HexFormat.of();

  private JsonText() {}

  /** Returns the text as it is written between the quotes of a JSON string. */
  public static String escaped(CharSequence text) {
    var json = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int known = c == '/' ? -1 : MEANT.indexOf(c);
      if (known >= 0) {
        json.append('\\').append(ESCAPED.charAt(known));
      } else if (c < ' ' || isHalf(text, i)) {
        json.append("\\u").append(HEX.toHexDigits(c));
      } else {
        json.append(c);
      }
    }
    return json.toString();
  }

  /** Returns whether a character is a surrogate without its other half. */
  private static boolean isHalf(CharSequence text, int i) {
    char c = text.charAt(i);
    if (!Character.isSurrogate(c)) {
      return false;
    }
    boolean high = Character.isHighSurrogate(c);
    int other = high ? i + 1 : i - 1;
    return other < 0
        || other == text.length()
        || (high
            ? !Character.isLowSurrogate(text.charAt(other))
            : !Character.isHighSurrogate(text.charAt(other)));
  }
}
