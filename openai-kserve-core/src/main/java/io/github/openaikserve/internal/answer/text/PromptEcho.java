package io.github.openaikserve.internal.answer.text;

/**
 * A filter that removes the prompt from the beginning of a text that arrives in pieces. A text that
 * does not begin with the whole prompt is not changed. One instance per stream. Not thread-safe.
 */
final class PromptEcho {
  private final String prompt;
  private int matched;
  private boolean over;

  PromptEcho(String prompt) {
    this.prompt = prompt;
    this.over = prompt.isEmpty();
  }

  /** Returns whether all further text passes unchanged. */
  boolean isOver() {
    return over;
  }

  /** Adds a piece and returns the text that is certain not to be the prompt. */
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

  /** Returns the text that was held back and was not the whole prompt. */
  String end() {
    String held = over ? "" : prompt.substring(0, matched);
    over = true;
    return held;
  }
}
