package io.github.openaikserve.http;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A reader of the parameters of a header, such as {@code form-data; name="file"}. If a name occurs
 * twice, the first value applies.
 *
 * <p>Source: RFC 9110, 5.6.6; RFC 7578, 4.2.
 */
final class HeaderParameters {
  private final String header;
  private int at;

  private HeaderParameters(String header) {
    this.header = header;
  }

  /** Returns the parameters after the first semicolon, by their names in lower case. */
  static Map<String, String> of(String header) {
    int first = header.indexOf(';');
    if (first < 0) {
      return Map.of();
    }
    var reader = new HeaderParameters(header);
    reader.at = first;
    return reader.read();
  }

  private Map<String, String> read() {
    Map<String, String> parameters = new TreeMap<>();
    while (at < header.length()) {
      at++; // the semicolon
      int begin = at;
      while (at < header.length() && header.charAt(at) != '=' && header.charAt(at) != ';') {
        at++;
      }
      String name = header.substring(begin, at).strip().toLowerCase(Locale.ROOT);
      if (at < header.length() && header.charAt(at) == '=') {
        at++;
        parameters.putIfAbsent(name, value());
      }
    }
    return parameters;
  }

  private String value() {
    while (at < header.length() && header.charAt(at) == ' ') {
      at++;
    }
    if (at < header.length() && header.charAt(at) == '"') {
      return quoted();
    }
    int begin = at;
    skipToSemicolon();
    return header.substring(begin, at).strip();
  }

  private String quoted() {
    var value = new StringBuilder();
    at++; // the first quote
    while (at < header.length() && header.charAt(at) != '"') {
      boolean escapes =
          header.charAt(at) == '\\'
              && at + 1 < header.length()
              && (header.charAt(at + 1) == '"' || header.charAt(at + 1) == '\\');
      at += escapes ? 1 : 0;
      value.append(header.charAt(at));
      at++;
    }
    skipToSemicolon();
    return value.toString();
  }

  private void skipToSemicolon() {
    while (at < header.length() && header.charAt(at) != ';') {
      at++;
    }
  }
}
