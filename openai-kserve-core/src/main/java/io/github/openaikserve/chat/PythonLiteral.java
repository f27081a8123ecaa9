package io.github.openaikserve.chat;

/**
 * Writes one Python literal as JSON while it comes: strings in either quotes, numbers, True, False,
 * None, lists, tuples and dictionaries. Not thread-safe; one per literal.
 */
final class PythonLiteral {
  /** What a character means for the literal. */
  enum Seen {
    MORE,
    /** The literal was whole before it. */
    AFTER,
    WRONG
  }

  private static final int MAX_DEPTH = 512;
  private static final int MAX_WORD = 1024;

  private final StringBuilder open = new StringBuilder();
  private final StringBuilder word = new StringBuilder();
  private char quote;
  private boolean escaped;
  private boolean whole;
  private boolean comma;

  /** Takes the next character and appends what it adds to the JSON. */
  Seen next(char c, StringBuilder json) {
    if (quote != 0) {
      inString(c, json);
      return Seen.MORE;
    }
    if (isOfWord(c)) {
      word.append(c);
      return whole || word.length() > MAX_WORD ? Seen.WRONG : Seen.MORE;
    }
    if (!word.isEmpty() && !endWord(json)) {
      return Seen.WRONG;
    }
    if (Character.isWhitespace(c)) {
      return Seen.MORE;
    }
    if (open.isEmpty() && (c == ',' || c == ')')) {
      return whole ? Seen.AFTER : Seen.WRONG;
    }
    return whole && open.isEmpty() ? Seen.WRONG : structure(c, json);
  }

  private Seen structure(char c, StringBuilder json) {
    switch (c) {
      case '"', '\'' -> {
        giveComma(json);
        quote = c;
        json.append('"');
      }
      case '[', '(', '{' -> {
        if (open.length() == MAX_DEPTH) {
          return Seen.WRONG;
        }
        giveComma(json);
        open.append(c);
        json.append(c == '{' ? '{' : '[');
      }
      case ']', ')', '}' -> {
        int last = open.length() - 1;
        if (last < 0 || open.charAt(last) != opening(c)) {
          return Seen.WRONG;
        }
        open.setLength(last);
        comma = false;
        json.append(c == '}' ? '}' : ']');
        whole = open.isEmpty();
      }
      case ',' -> comma = true;
      case ':' -> {
        if (open.isEmpty() || open.charAt(open.length() - 1) != '{') {
          return Seen.WRONG;
        }
        json.append(": ");
      }
      default -> {
        return Seen.WRONG;
      }
    }
    return Seen.MORE;
  }

  /** JSON has no comma after the last element, so it waits for the next one. */
  private void giveComma(StringBuilder json) {
    if (comma) {
      comma = false;
      json.append(", ");
    }
  }

  private static char opening(char closing) {
    return switch (closing) {
      case ']' -> '[';
      case ')' -> '(';
      default -> '{';
    };
  }

  private void inString(char c, StringBuilder json) {
    if (escaped) {
      escaped = false;
      json.append(JsonText.escaped(String.valueOf(meaning(c))));
    } else if (c == '\\') {
      escaped = true;
    } else if (c == quote) {
      quote = 0;
      json.append('"');
      whole = open.isEmpty();
    } else {
      json.append(JsonText.escaped(String.valueOf(c)));
    }
  }

  private static String meaning(char c) {
    return switch (c) {
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'r' -> "\r";
      case '\\', '\'', '"' -> String.valueOf(c);
      default -> "\\" + c; // Python leaves an escape that is none as it is
    };
  }

  private boolean endWord(StringBuilder json) {
    String text = word.toString();
    word.setLength(0);
    whole = open.isEmpty();
    giveComma(json);
    switch (text) {
      case "True", "true" -> json.append("true");
      case "False", "false" -> json.append("false");
      case "None", "null" -> json.append("null");
      default -> {
        json.append(text);
        return isNumber(text);
      }
    }
    return true;
  }

  private static boolean isNumber(String text) {
    return text.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");
  }

  private static boolean isOfWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '-' || c == '+';
  }
}
