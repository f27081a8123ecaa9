package io.github.openaikserve.chat.format;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A splitter of marker text into tokens. */
final class MarkerTokens {
  private static final Pattern BORDER = Pattern.compile("(?<=>)\\s*(?=<)|\n+");

  private MarkerTokens() {}

  /**
   * Returns the pieces of a text, split at line breaks and between adjacent tags.
   *
   * @param tags whether brackets at the ends of a piece are kept
   */
  static List<String> of(String text, boolean tags) {
    List<String> tokens = new ArrayList<>();
    for (String token : BORDER.split(text)) {
      String stripped = tags ? token : brackets(token);
      if (!stripped.isBlank()) {
        tokens.add(stripped.strip());
      }
    }
    return tokens;
  }

  /** Removes opening brackets from the end of a marker, and closing brackets from its beginning. */
  private static String brackets(String token) {
    String text = token.strip();
    while (!text.isEmpty() && "[(".indexOf(text.charAt(text.length() - 1)) >= 0) {
      text = text.substring(0, text.length() - 1).strip();
    }
    while (!text.isEmpty() && "])}".indexOf(text.charAt(0)) >= 0) {
      text = text.substring(1).strip();
    }
    return text;
  }

  /** Returns whether markers contain a character but words and code fences do not. */
  static boolean isMarkup(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.START_PUNCTUATION
        || type == Character.MATH_SYMBOL
        || type == Character.OTHER_SYMBOL;
  }
}
