package io.github.openaikserve.internal.answer;

/**
 * Takes a prompt away from the front of a text that comes in pieces. A text that does not begin
 * with all of it passes as it is. Not thread-safe; one per stream.
 */
final class PromptEcho {
  private final String prompt;
  private int matched;
  private boolean over;

  PromptEcho(String prompt) {
    this.prompt = prompt;
    this.over = prompt.isEmpty();
  }

  /** Whether nothing is taken away or held back any more. */
  boolean isOver() {
    return over;
  }

  /** What is certain not to be the prompt. */
  String next(String text) {
    if (over) {
      return text;
    }
    int length = Math.min(text.length(), prompt.length() - matched);
    if (!prompt.regionMatches(matched, text, 0, length)) {
      over = true;
      return prompt.substring(0, matched) + text;
    }
    matched += length;
    over = matched == prompt.length();
    return text.substring(length);
  }

  /** What was held back and was not the whole prompt. */
  String end() {
    String held = over ? "" : prompt.substring(0, matched);
    over = true;
    return held;
  }
}
