package io.github.openaikserve.internal.answer.text;

import java.util.ArrayList;
import java.util.List;

/**
 * The offsets of tokens in the text of a choice, in characters (Unicode code points). One instance
 * per choice. Not thread-safe.
 *
 * <p>The tokens of a response begin behind the text of the earlier responses and the tokens that
 * this text does not contain yet. So the offsets of tokens that the text contains do not depend on
 * when the text is sent or reaches the reader. A token that proves not to be in the text, such as
 * {@code <s>}, has its length only until then.
 *
 * <p>A token that is a part of a character contains U+FFFD, which the text does not contain, and
 * has the offset of the character. Parts are one character if a token follows before their text.
 */
public final class TextOffsets {
  private static final char PART = '\uFFFD';

  private final List<Integer> offsets = new ArrayList<>();
  private final UndeliveredTokens undelivered = new UndeliveredTokens();
  private String text = "";

  /** The position in the text of the response; behind its end if it is shorter than its tokens. */
  private int at;

  /** The offset of the next token. */
  private int offset;

  /** The number of characters in the text of the earlier responses. */
  private int delivered;

  /** The number of last tokens that are parts of characters which have not ended yet. */
  private int parts;

  /**
   * Returns the offsets of the tokens of the next response.
   *
   * @param next the characters that the response completes
   */
  public List<Integer> next(List<String> tokens, String next) {
    text = next;
    at = undelivered.deliver(next);
    offset = delivered + next.codePointCount(0, at) + undelivered.characters();
    tokens.forEach(this::add);
    if (parts > 0 && undelivered.hasText()) {
      endParts(text.length());
    }
    delivered += next.codePointCount(0, next.length());
    List<Integer> found = List.copyOf(offsets);
    offsets.clear();
    return found;
  }

  private void add(String token) {
    int part = token.indexOf(PART);
    boolean whole = part < 0 || (parts == 0 && text.startsWith(token, at));
    if (token.isEmpty() || (!whole && part == 0 && token.chars().allMatch(c -> c == PART))) {
      offsets.add(offset);
      parts += token.isEmpty() ? 0 : 1;
      return;
    }
    if (parts > 0 && part != 0) {
      endParts(find(whole ? token : token.substring(0, part)));
    }
    offsets.add(offset);
    if (whole) {
      advance(token);
      return;
    }
    advance(token.substring(0, part));
    String rest = token.substring(token.lastIndexOf(PART) + 1);
    parts++;
    if (!rest.isEmpty()) {
      skip(find(rest));
      advance(rest);
      parts = 0;
    }
  }

  /** Returns where a text begins after the characters of the parts; there are at most as many. */
  private int find(String wanted) {
    int found = following(at);
    for (int i = 1, next = found; i <= parts; i++, next = following(next)) {
      if (text.startsWith(wanted, next)) {
        return next;
      }
    }
    return found;
  }

  private int following(int index) {
    return index < text.length() ? text.offsetByCodePoints(index, 1) : index;
  }

  /** Ends the characters of the parts, which share them equally. */
  private void endParts(int end) {
    int begin = offset;
    skip(end);
    int characters = offset - begin;
    int first = offsets.size() - parts;
    for (int i = Math.max(1, -first); i < parts; i++) { // earlier responses are not changed
      offsets.set(first + i, begin + (int) ((long) i * characters / parts));
    }
    parts = 0;
  }

  /** Moves behind the characters of parts; behind one character if their text comes later. */
  private void skip(int end) {
    if (at < text.length()) {
      advance(text.substring(at, end));
    } else {
      undelivered.addParts(parts);
      offset++;
    }
  }

  private void advance(String token) {
    if (!token.isEmpty()) {
      undelivered.add(token);
      offset += token.codePointCount(0, token.length());
      at += token.length();
    }
  }
}
