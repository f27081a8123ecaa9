package io.github.openaikserve.chat.format;

import java.util.ArrayDeque;
import java.util.Deque;

/** The text that is still to be parsed. Text that is read again precedes it. Not thread-safe. */
final class TextInput {
  /** The maximum length of text after a marker that is searched again for other markers. */
  private static final int MAX_AGAIN = 4096;

  /** The maximum average number of times that a character is read again. */
  private static final int MAX_TIMES = 16;

  private static final class Piece {
    final String text;
    final boolean first;
    int at;

    Piece(String text, boolean first) {
      this.text = text;
      this.first = first;
    }
  }

  private final Deque<Piece> pieces = new ArrayDeque<>(2);
  private long steps;
  private long arrived;
  private long again;

  /** Adds text that has not been read. */
  void add(String text) {
    pieces.push(new Piece(text, true));
  }

  /** Puts text back to be read next. */
  void unread(String text) {
    pieces.push(new Piece(text, false));
  }

  /** Puts text back unless that is too much work. Returns whether it did. */
  boolean unreadShort(String text) {
    int length = text.length();
    if (length == 0 || length > MAX_AGAIN || again + length > MAX_TIMES * arrived + MAX_AGAIN) {
      return false;
    }
    again += length;
    unread(text);
    return true;
  }

  /** Returns whether there is a next character. */
  boolean hasNext() {
    Piece piece = pieces.peek();
    while (piece != null && piece.at == piece.text.length()) {
      pieces.pop();
      piece = pieces.peek();
    }
    return piece != null;
  }

  char next() {
    Piece piece = pieces.element();
    steps++;
    arrived += piece.first ? 1 : 0;
    return piece.text.charAt(piece.at++);
  }

  /** Returns the number of characters read, including repeated reads. */
  long steps() {
    return steps;
  }
}
