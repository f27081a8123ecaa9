package io.github.openaikserve.internal.answer.text;

import java.nio.ByteBuffer;

/**
 * A filter that returns the new part of a text that each response repeats from the beginning. One
 * instance per stream. Not thread-safe.
 *
 * <p>A server that decodes tokens writes U+FFFD for an incomplete character at the end, and the
 * complete character in the next response. Trailing U+FFFD are therefore held back until more text
 * arrives. Returned text is never revoked.
 */
final class CumulativeText {
  private static final int REPLACEMENT_LENGTH = 3;

  private ByteBuffer last = ByteBuffer.allocate(0);
  private int given;

  /** Returns the new bytes that are certain. */
  ByteBuffer next(ByteBuffer whole) {
    last = whole.slice();
    return upTo(withoutReplacements(last));
  }

  /** Returns the bytes that were held back. */
  ByteBuffer end() {
    return upTo(last.limit());
  }

  private ByteBuffer upTo(int end) {
    int from = Math.min(given, end);
    given = Math.max(given, end);
    return last.slice(from, end - from);
  }

  /** Returns the length of the text without trailing U+FFFD (EF BF BD). */
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
