package io.github.openaikserve.internal.answer.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A decoder of UTF-8 that arrives in pieces of any size. One instance per stream. Not thread-safe.
 *
 * <p>The text does not depend on how the bytes are split. An incomplete character is held back
 * until the rest arrives; malformed bytes become U+FFFD.
 */
public final class Utf8Decoder {
  /**
   * The bytes of an incomplete character. A character has at most four bytes, so at most three are
   * held back.
   */
  private static final int MAX_WAITING = 3;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final byte[] copy = new byte[64];
  private final @Nullable CumulativeText cumulative;
  private ByteBuffer waiting = NOTHING;

  /** Creates a decoder of pieces that follow each other. */
  public Utf8Decoder() {
    this(false);
  }

  /**
   * Creates a decoder.
   *
   * @param cumulative whether each piece repeats the text from the beginning
   */
  public Utf8Decoder(boolean cumulative) {
    this.cumulative = cumulative ? new CumulativeText() : null;
  }

  /** Returns whether the first {@code length} bytes are complete characters of UTF-8. */
  static boolean isWhole(byte[] utf8, int length) {
    int i = 0;
    while (i < length) {
      byte b = utf8[i];
      if (b >= 0) {
        i++;
        continue;
      }
      int size = b < (byte) 0xE0 ? 2 : b < (byte) 0xF0 ? 3 : 4;
      if (b < (byte) 0xC2 || b > (byte) 0xF4 || i + size > length || !isWhole(utf8, i, size)) {
        return false;
      }
      i += size;
    }
    return true;
  }

  private static boolean isWhole(byte[] utf8, int at, int size) {
    int character = utf8[at] & (0xFF >> (size + 1));
    for (int i = at + 1; i < at + size; i++) {
      if ((utf8[i] & 0xC0) != 0x80) {
        return false;
      }
      character = (character << 6) | (utf8[i] & 0x3F);
    }
    return switch (size) {
      case 2 -> true;
      case 3 -> character >= 0x800 && (character < 0xD800 || character > 0xDFFF);
      default -> character >= 0x10000 && character <= 0x10FFFF;
    };
  }

  /** Returns the text of complete characters. */
  public static String string(byte[] utf8, int length) {
    return new String(utf8, 0, length, StandardCharsets.UTF_8);
  }

  /** Returns whether {@link #next} would return complete characters unchanged. */
  boolean isUntouched() {
    return cumulative == null && !waiting.hasRemaining();
  }

  /** Returns the characters that the new bytes of a piece complete. */
  public String next(ByteBuffer piece) {
    return decode(cumulative == null ? piece : cumulative.next(piece));
  }

  private String decode(ByteBuffer bytes) {
    if (!waiting.hasRemaining() && isAscii(bytes)) {
      return ascii(bytes);
    }
    ByteBuffer input = bytes;
    if (waiting.hasRemaining()) {
      input = ByteBuffer.allocate(waiting.remaining() + bytes.remaining());
      input.put(waiting).put(bytes.duplicate()).flip();
    }
    return decode(input.duplicate(), false);
  }

  /** Returns the text that was held back: the rest, and that of an incomplete character. */
  public String end() {
    String held = cumulative == null ? "" : decode(cumulative.end());
    return held + decode(waiting, true);
  }

  private static boolean isAscii(ByteBuffer bytes) {
    for (int i = bytes.position(); i < bytes.limit(); i++) {
      if (bytes.get(i) < 0) {
        return false;
      }
    }
    return true;
  }

  private String ascii(ByteBuffer bytes) {
    int length = bytes.remaining();
    if (length > copy.length) {
      return StandardCharsets.US_ASCII.decode(bytes.duplicate()).toString();
    }
    bytes.get(bytes.position(), copy, 0, length);
    return new String(copy, 0, length, StandardCharsets.US_ASCII);
  }

  private String decode(ByteBuffer input, boolean end) {
    if (!input.hasRemaining()) {
      return "";
    }
    CharBuffer output = CharBuffer.allocate(input.remaining());
    decoder.reset().decode(input, output, end);
    if (end) {
      decoder.flush(output);
    }
    assert input.remaining() <= MAX_WAITING;
    waiting = input.hasRemaining() ? copy(input) : NOTHING;
    return output.flip().toString();
  }

  /** Returns a copy, because the bytes may be a view that keeps a whole message in memory. */
  private static ByteBuffer copy(ByteBuffer bytes) {
    return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
  }
}
