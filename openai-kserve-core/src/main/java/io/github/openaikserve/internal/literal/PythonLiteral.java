package io.github.openaikserve.internal.literal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A parser of one literal in Python's or a similar notation that returns JSON.
 *
 * <p>Source: the lexical analysis chapter of the Python language reference.
 */
public final class PythonLiteral {
  private static final int MAX_DEPTH = 100;
  private static final String SIMPLE_ESCAPES = "\\'\"abfnrtv";
  private static final String SIMPLE_MEANINGS = "\\'\"\u0007\b\f\n\r\t\u000b";

  /** The exception for a malformed literal. */
  private static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed() {
      super("not a literal", null, false, false);
    }
  }

  private final String text;
  private final String quote;
  private int at;
  private int depth;

  private PythonLiteral(String text, String quote) {
    this.text = text;
    this.quote = quote;
  }

  /** Returns a Python literal as JSON; empty if the text is not one. */
  public static Optional<String> json(String text) {
    return json(text, "");
  }

  /**
   * Returns a literal as JSON; empty if the text is not a literal.
   *
   * @param quote the token around strings in a notation with unquoted keys; empty for Python
   */
  public static Optional<String> json(String text, String quote) {
    var literal = new PythonLiteral(text, quote);
    try {
      String json = literal.value();
      literal.space();
      return literal.at == text.length() ? Optional.of(json) : Optional.empty();
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  private String value() throws Malformed {
    space();
    char c = peek();
    if (!quote.isEmpty() && text.startsWith(quote, at)) {
      return inQuotes(quoted());
    }
    if (isString()) {
      return inQuotes(strings());
    }
    if (c != '{' && c != '[' && c != '(') {
      return word();
    }
    if (++depth > MAX_DEPTH) {
      throw new Malformed();
    }
    at++;
    String json = c == '{' ? braces() : elements(c == '[' ? ']' : ')');
    depth--;
    return json;
  }

  private static String inQuotes(String text) {
    return '"' + JsonText.escaped(text) + '"';
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private void space() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  /** Consumes the next character if it is the given one. */
  private boolean take(char c) {
    space();
    boolean taken = peek() == c && at < text.length();
    at += taken ? 1 : 0;
    return taken;
  }

  /** Parses a list, a tuple, or an expression in parentheses. */
  private String elements(char closing) throws Malformed {
    List<String> elements = new ArrayList<>();
    boolean comma = false;
    while (!take(closing)) {
      if (!elements.isEmpty() && !comma) {
        throw new Malformed();
      }
      elements.add(value());
      comma = take(',');
    }
    boolean group = closing == ')' && elements.size() == 1 && !comma;
    return group ? elements.get(0) : elements.toString();
  }

  /** Parses a dictionary or a set. Of several values of a key, Python's dictionary has the last. */
  private String braces() throws Malformed {
    List<String> elements = new ArrayList<>();
    Map<String, String> values = new LinkedHashMap<>();
    boolean comma = true;
    boolean pairs = true;
    while (!take('}')) {
      String element = quote.isEmpty() ? value() : bareKey();
      boolean pair = take(':');
      if (!comma || (pair != pairs && !(elements.isEmpty() && values.isEmpty()))) {
        throw new Malformed();
      }
      pairs = pair;
      if (!pair) {
        elements.add(element);
      } else if (values.put(key(element), value()) != null && !quote.isEmpty()) {
        throw new Malformed();
      }
      comma = take(',');
    }
    if (!pairs) {
      return elements.toString();
    }
    elements.clear();
    values.forEach((key, value) -> elements.add(key + ": " + value));
    return '{' + String.join(", ", elements) + '}';
  }

  /** Returns a key as a string. Python's keys may also be numbers or names. */
  private static String key(String json) throws Malformed {
    char first = json.charAt(0);
    if (first == '[' || first == '{' || json.contains("\\ud")) { // an unpaired surrogate
      throw new Malformed();
    }
    return first == '"' ? json : '"' + json + '"';
  }

  private String bareKey() throws Malformed {
    space();
    if (text.startsWith(quote, at) || isString()) {
      return value();
    }
    int end = text.indexOf(':', at);
    String key = end < 0 ? "" : text.substring(at, end).strip();
    if (key.isEmpty() || key.chars().anyMatch(c -> "{}[],\"".indexOf(c) >= 0)) {
      throw new Malformed();
    }
    at = end;
    return inQuotes(key);
  }

  private String quoted() throws Malformed {
    int from = at + quote.length();
    int end = text.indexOf(quote, from);
    if (end < 0) {
      throw new Malformed();
    }
    at = end + quote.length();
    return text.substring(from, end);
  }

  /** Returns whether a string begins here, with or without a prefix. */
  private boolean isString() {
    int i = at;
    while (i < text.length() && i < at + 2 && "rRuUfF".indexOf(text.charAt(i)) >= 0) {
      i++;
    }
    return i < text.length() && (text.charAt(i) == '"' || text.charAt(i) == '\'');
  }

  /** Parses adjacent strings, which are concatenated. */
  private String strings() throws Malformed {
    var value = new StringBuilder();
    while (isString()) {
      string(value);
      space();
    }
    return value.toString();
  }

  private void string(StringBuilder value) throws Malformed {
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
        throw new Malformed();
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
    at += delimiter.length();
  }

  private void escape(StringBuilder value) throws Malformed {
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

  private int code(int digits) throws Malformed {
    if (at + digits > text.length()) {
      throw new Malformed();
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
    throw new Malformed();
  }

  private int named() throws Malformed {
    int end = text.indexOf('}', at);
    if (peek() != '{' || end < 0) {
      throw new Malformed();
    }
    try {
      int code = Character.codePointOf(text.substring(at + 1, end));
      at = end + 1;
      return code;
    } catch (IllegalArgumentException e) {
      throw new Malformed();
    }
  }

  /** Parses a number or a name. Models may omit the token around a string. */
  private String word() throws Malformed {
    int from = at;
    while (at < text.length()
        && (quote.isEmpty() ? isOfWord(text.charAt(at)) : isUnquoted(text.charAt(at)))) {
      at++;
    }
    String word = text.substring(from, at).strip();
    return switch (word) {
      case "True", "true" -> "true";
      case "False", "false" -> "false";
      case "None", "null" -> "null";
      default -> {
        String number = PythonNumber.json(word);
        if (number == null && (quote.isEmpty() || word.isEmpty())) {
          throw new Malformed();
        }
        yield number == null ? inQuotes(word) : number;
      }
    };
  }

  private static boolean isUnquoted(char c) {
    return "{}[],\"\n".indexOf(c) < 0;
  }

  private static boolean isOfWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '-' || c == '+';
  }
}
