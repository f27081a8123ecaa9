package io.github.openaikserve.internal.answer.text;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The texts of tokens that no response has delivered yet, because a server may hold text back until
 * it cannot be a stop sequence. Not thread-safe.
 *
 * <p>A token that the delivered text does not contain, such as {@code <s>}, is removed. A few
 * characters that no token contains are skipped, such as the space before a word.
 */
final class UndeliveredTokens {
  /** The maximum number of skipped characters, because a search of the whole text is quadratic. */
  private static final int REACH = 16;

  private final Deque<String> tokens = new ArrayDeque<>(0);
  private String text = "";

  /** The position in the text of the response behind the delivered tokens. */
  private int at;

  /** The number of characters that the last delivered parts of characters may still be. */
  private int more;

  private int characters;

  /**
   * Takes the text of the next response and removes the tokens that it delivers.
   *
   * @return the position in the text at which the text of new tokens begins
   */
  int deliver(String next) {
    text = next;
    at = 0;
    while (hasText() && !tokens.isEmpty()) {
      String first = tokens.removeFirst();
      characters -= count(first);
      String rest = rest(first);
      if (!rest.isEmpty()) {
        tokens.addFirst(rest);
        characters += count(rest);
      }
    }
    return at;
  }

  /** Adds a token of the response, unless the text of the response contains it. */
  void add(String token) {
    String rest = hasText() ? rest(token) : token;
    if (!rest.isEmpty()) {
      tokens.addLast(rest);
      characters += count(rest);
    }
  }

  /** Adds tokens that are parts of at least one character and at most {@code parts} characters. */
  void addParts(int parts) {
    add("\uFFFD".repeat(parts));
  }

  /** Returns whether the response has text behind that of the tokens so far. */
  boolean hasText() {
    return at < text.length();
  }

  /** Returns the number of characters that have not been delivered. */
  int characters() {
    return characters;
  }

  /** Returns the part of a token behind the end of the text; empty if the token is not there. */
  private String rest(String token) {
    if (isParts(token)) {
      more = token.length() - 1;
      at = text.offsetByCodePoints(at, 1);
      return "";
    }
    int end = Math.min(text.length(), at + REACH + 1);
    for (int i = at; i < end; i++) {
      int length = Math.min(token.length(), text.length() - i);
      if (text.regionMatches(i, token, 0, length)) {
        at = i + length;
        more = 0;
        return token.substring(length);
      }
    }
    int left = text.codePointCount(at, text.length());
    if (left > more) {
      return "";
    }
    more -= left;
    at = text.length();
    return token;
  }

  private static int count(String token) {
    return isParts(token) ? 1 : token.codePointCount(0, token.length());
  }

  private static boolean isParts(String token) {
    return token.chars().allMatch(c -> c == '\uFFFD');
  }
}
