package io.github.openaikserve.chat;

/** Counts the tokens of a text where the server does not. Thread-safe. */
@FunctionalInterface
public interface TokenCounter {
  /**
   * A guess from the length: a token for every four characters of text, and one at least for any
   * text.
   */
  TokenCounter ESTIMATE = text -> (text.length() + 3) / 4;

  /** How many tokens the text has; not negative. */
  int count(String text);
}
