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

  private final String text;
  private final String quote;
  private final PythonString string;
  private int at;
  private int depth;

  private PythonLiteral(String text, String quote) {
    this.text = text;
    this.quote = quote;
    this.string = new PythonString(text);
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
    } catch (MalformedLiteralException e) {
      return Optional.empty();
    }
  }

  private String value() throws MalformedLiteralException {
    space();
    char c = peek();
    if (!quote.isEmpty() && text.startsWith(quote, at)) {
      return inQuotes(quoted());
    }
    if (string.beginsAt(at)) {
      return inQuotes(strings());
    }
    if (c != '{' && c != '[' && c != '(') {
      return word();
    }
    if (++depth > MAX_DEPTH) {
      throw new MalformedLiteralException();
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
  private String elements(char closing) throws MalformedLiteralException {
    List<String> elements = new ArrayList<>();
    boolean comma = false;
    while (!take(closing)) {
      if (!elements.isEmpty() && !comma) {
        throw new MalformedLiteralException();
      }
      elements.add(value());
      comma = take(',');
    }
    boolean group = closing == ')' && elements.size() == 1 && !comma;
    return group ? elements.get(0) : elements.toString();
  }

  /** Parses a dictionary or a set. Of several values of a key, Python's dictionary has the last. */
  private String braces() throws MalformedLiteralException {
    List<String> elements = new ArrayList<>();
    Map<String, String> values = new LinkedHashMap<>();
    boolean comma = true;
    boolean pairs = true;
    while (!take('}')) {
      String element = quote.isEmpty() ? value() : bareKey();
      boolean pair = take(':');
      if (!comma || (pair != pairs && !(elements.isEmpty() && values.isEmpty()))) {
        throw new MalformedLiteralException();
      }
      pairs = pair;
      if (!pair) {
        elements.add(element);
      } else if (values.put(key(element), value()) != null && !quote.isEmpty()) {
        throw new MalformedLiteralException();
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
  private static String key(String json) throws MalformedLiteralException {
    char first = json.charAt(0);
    if (first == '[' || first == '{' || json.contains("\\ud")) { // an unpaired surrogate
      throw new MalformedLiteralException();
    }
    return first == '"' ? json : '"' + json + '"';
  }

  private String bareKey() throws MalformedLiteralException {
    space();
    if (text.startsWith(quote, at) || string.beginsAt(at)) {
      return value();
    }
    int end = text.indexOf(':', at);
    String key = end < 0 ? "" : text.substring(at, end).strip();
    if (key.isEmpty() || key.chars().anyMatch(c -> "{}[],\"".indexOf(c) >= 0)) {
      throw new MalformedLiteralException();
    }
    at = end;
    return inQuotes(key);
  }

  private String quoted() throws MalformedLiteralException {
    int from = at + quote.length();
    int end = text.indexOf(quote, from);
    if (end < 0) {
      throw new MalformedLiteralException();
    }
    at = end + quote.length();
    return text.substring(from, end);
  }

  /** Parses adjacent strings, which are concatenated. */
  private String strings() throws MalformedLiteralException {
    var value = new StringBuilder();
    while (string.beginsAt(at)) {
      at = string.read(at, value);
      space();
    }
    return value.toString();
  }

  /** Parses a number or a name. Models may omit the token around a string. */
  private String word() throws MalformedLiteralException {
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
          throw new MalformedLiteralException();
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
