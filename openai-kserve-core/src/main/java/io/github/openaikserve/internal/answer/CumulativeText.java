package io.github.openaikserve.internal.answer;

import java.nio.ByteBuffer;

/**
 * What is new in a text that comes whole each time. Not thread-safe; one per stream.
 *
 * <p>A server that puts tokens together writes U+FFFD for a character of which it has only the
 * beginning, and the character itself next time: those at the end are held back until more comes.
 * What was given once is not taken back.
 */
final class CumulativeText {
  private static final int REPLACEMENT_LENGTH = 3;

  private ByteBuffer last = ByteBuffer.allocate(0);
  private int given;

  /** The bytes that are certain and new. */
  ByteBuffer next(ByteBuffer whole) {
    last = whole.slice();
    return upTo(withoutReplacements(last));
  }

  /** What was held back. */
  ByteBuffer end() {
    return upTo(last.limit());
  }

  private ByteBuffer upTo(int end) {
    int from = Math.min(given, end);
    given = Math.max(given, end);
    return last.slice(from, end - from);
  }

  /** Where the text ends without the U+FFFD (EF BF BD) at its end. */
  private static int withoutReplacements(ByteBuffer text) {
    int end = text.limit();
    while (end >= REPLACEMENT_LENGTH
        && text.get(end - 3) == (byte) 0xEF
        && text.get(end - 2) == (byte) 0xBF
        && text.get(end - 1) == (byte) 0xBD) {
      end -= REPLACEMENT_LENGTH;
    }
    return end;
  }
}
