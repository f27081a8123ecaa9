package io.github.openaikserve.chat.format;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The tokens of a text of markers. */
final class MarkerTokens {
  private static final Pattern BORDER = Pattern.compile("(?<=>)\\s*(?=<)|\n+");

  private MarkerTokens() {}

  /**
   * Returns what stands between line breaks and other tags.
   *
   * @param tags whether brackets are part of the tokens
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

  /** Removes the brackets of a list or an object from the ends of a marker. */
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
}
