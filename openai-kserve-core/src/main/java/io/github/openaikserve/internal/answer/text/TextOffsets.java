package io.github.openaikserve.internal.answer.text;

import java.util.ArrayList;
import java.util.List;

/**
 * The offsets of tokens in the text of a choice, in characters (Unicode code points). One instance
 * per choice. Not thread-safe.
 *
 * <p>The tokens of a response begin where the text of the earlier responses ends, so the offsets do
 * not depend on when the text reaches the reader. A token that is a part of a character contains
 * U+FFFD, which the text does not contain, and has the offset of the character.
 */
public final class TextOffsets {
  private static final char PART = '\uFFFD';

  private final List<Integer> offsets = new ArrayList<>();
  private String text = "";

  /** The position in the text of the response; behind its end if it is shorter than its tokens. */
  private int at;

  /** The number of characters before {@link #at}. */
  private int offset;

  /** The number of last tokens that are parts of characters which have not ended yet. */
  private int parts;

  /**
   * Returns the offsets of the tokens of the next response.
   *
   * @param next the characters that the response completes
   */
  public List<Integer> next(List<String> tokens, String next) {
    int end = offset + next.codePointCount(0, next.length());
    text = next;
    at = 0;
    tokens.forEach(this::add);
    if (parts > 0) {
      endParts(text.length());
    }
    offset = end;
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
      advance(token.length());
      return;
    }
    advance(part);
    String rest = token.substring(token.lastIndexOf(PART) + 1);
    parts = 1;
    if (!rest.isEmpty()) {
      advance(find(rest) - at);
      advance(rest.length());
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
    advance(Math.max(0, end - at));
    int characters = offset - begin;
    int first = offsets.size() - parts;
    for (int i = 1; i < parts; i++) {
      offsets.set(first + i, begin + (int) ((long) i * characters / parts));
    }
    parts = 0;
  }

  private void advance(int length) {
    int begin = Math.min(at, text.length());
    int end = Math.min(at + length, text.length());
    int outside = length - (end - begin);
    offset += text.codePointCount(begin, end) + outside;
    at += length;
  }
}
