package io.github.openaikserve.chat.format;

/** Escaping of JSON strings. */
final class JsonText {
  private static final String ESCAPED = "\"\\/bfnrt";
  private static final String MEANT = "\"\\/\b\f\n\r\t";

  private JsonText() {}

  /** Returns the text as it is written between the quotes of a JSON string. */
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
}
