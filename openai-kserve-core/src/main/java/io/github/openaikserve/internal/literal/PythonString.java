package io.github.openaikserve.internal.literal;

/** A reader of the strings of one literal in Python's notation: prefixes, quotes and escapes. */
final class PythonString {
  private static final String SIMPLE_ESCAPES = "\\'\"abfnrtv";
  private static final String SIMPLE_MEANINGS = "\\'\"\u0007\b\f\n\r\t\u000b";

  private final String text;
  private int at;

  PythonString(String text) {
    this.text = text;
  }

  /** Returns whether a string begins at a position, with or without a prefix. */
  boolean beginsAt(int position) {
    int i = position;
    while (i < text.length() && i < position + 2 && "rRuUfF".indexOf(text.charAt(i)) >= 0) {
      i++;
    }
    return i < text.length() && (text.charAt(i) == '"' || text.charAt(i) == '\'');
  }

  /** Appends the value of the string that begins at a position. Returns the end of the string. */
  int read(int position, StringBuilder value) throws MalformedLiteralException {
    at = position;
    boolean raw = false;
    boolean formatted = false;
    while (peek() != '"' && peek() != '\'') {
      raw |= "rR".indexOf(peek()) >= 0;
      formatted |= "fF".indexOf(peek()) >= 0;
      at++;
    }
    String delimiter = String.valueOf(peek()).repeat(3);
    boolean triple = text.startsWith(delimiter, at);
    delimiter = triple ? delimiter : delimiter.substring(2);
    at += delimiter.length();
    while (!text.startsWith(delimiter, at)) {
      char c = peek();
      boolean broken = at >= text.length() || (formatted && c == '{');
      if (broken) {
        throw new MalformedLiteralException();
      }
      at++;
      if (c != '\\') {
        value.append(c);
      } else if (raw) {
        value.append(c).append(peek());
        at++;
      } else {
        escape(value);
      }
    }
    return at + delimiter.length();
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private void escape(StringBuilder value) throws MalformedLiteralException {
    char c = peek();
    at++;
    int simple = SIMPLE_ESCAPES.indexOf(c);
    if (simple >= 0) {
      value.append(SIMPLE_MEANINGS.charAt(simple));
    } else if (c >= '0' && c <= '7') {
      int from = at - 1;
      while (at < text.length() && at < from + 3 && peek() >= '0' && peek() <= '7') {
        at++;
      }
      value.append((char) Integer.parseInt(text.substring(from, at), 8));
    } else if (c == 'x' || c == 'u' || c == 'U') {
      value.appendCodePoint(code(c == 'x' ? 2 : c == 'u' ? 4 : 8));
    } else if (c == 'N') {
      value.appendCodePoint(named());
    } else if (c != '\n') { // Python keeps unknown escapes unchanged
      value.append('\\').append(c);
    }
  }

  private int code(int digits) throws MalformedLiteralException {
    if (at + digits > text.length()) {
      throw new MalformedLiteralException();
    }
    try {
      int code = Integer.parseUnsignedInt(text.substring(at, at + digits), 16);
      at += digits;
      if (Character.isValidCodePoint(code)) {
        return code;
      }
    } catch (NumberFormatException e) {
      // malformed
    }
    throw new MalformedLiteralException();
  }

  private int named() throws MalformedLiteralException {
    int end = text.indexOf('}', at);
    if (peek() != '{' || end < 0) {
      throw new MalformedLiteralException();
    }
    try {
      int code = Character.codePointOf(text.substring(at + 1, end));
      at = end + 1;
      return code;
    } catch (IllegalArgumentException e) {
      throw new MalformedLiteralException();
    }
  }
}
