package io.github.openaikserve.internal.jinja.syntax;

import io.github.openaikserve.internal.jinja.value.TemplateError;

/** The parsing of escapes in Python's string literals. */
final class StringLiteral {
  private static final String ESCAPED = "\\'\"abfnrtv";
  private static final String MEANT = "\\'\"\u0007\b\f\n\r\t\u000b";
  private static final int OCTAL_DIGITS = 3;

  private StringLiteral() {}

  static String unescaped(String literal, int line) {
    if (literal.indexOf('\\') < 0) {
      return literal;
    }
    var text = new StringBuilder(literal.length());
    for (int i = 0; i < literal.length(); i++) {
      char c = literal.charAt(i);
      if (c == '\\' && i + 1 < literal.length()) {
        i = escape(literal, i + 1, text, line);
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  /** Appends the character of an escape. Returns the index of the escape's last character. */
  private static int escape(String literal, int at, StringBuilder text, int line) {
    char c = literal.charAt(at);
    int known = ESCAPED.indexOf(c);
    if (known >= 0) {
      text.append(MEANT.charAt(known));
      return at;
    }
    switch (c) {
      case '\n' -> {
        return at;
      }
      case 'x' -> {
        return code(literal, at, 2, text, line);
      }
      case 'u' -> {
        return code(literal, at, 4, text, line);
      }
      case 'U' -> {
        return code(literal, at, 8, text, line);
      }
      default -> {
        if (c >= '0' && c <= '7') {
          return octal(literal, at, text);
        }
        text.append('\\').append(c);
        return at;
      }
    }
  }

  private static int code(String literal, int at, int digits, StringBuilder text, int line) {
    int end = at + 1 + digits;
    try {
      text.appendCodePoint(Integer.parseInt(literal.substring(at + 1, end), 16));
      return end - 1;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new TemplateError(line, "a string contains an invalid escape sequence");
    }
  }

  private static int octal(String literal, int at, StringBuilder text) {
    int end = at;
    int code = 0;
    while (end < literal.length()
        && end < at + OCTAL_DIGITS
        && literal.charAt(end) >= '0'
        && literal.charAt(end) <= '7') {
      code = code * 8 + literal.charAt(end) - '0';
      end++;
    }
    text.append((char) code);
    return end - 1;
  }
}
