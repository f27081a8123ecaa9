package io.github.openaikserve.internal.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A template of JSON text with one variable string at one or two positions. It writes the same
 * bytes as {@link JsonCodec} without creating objects. Immutable.
 */
public final class TextTemplate {
  /** The maximum size of an escaped character or byte of UTF-8: a backslash, u and four digits. */
  private static final int MAX_GROWTH = 6;

  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ESCAPES = escapes();

  private final byte[] before;

  /** The bytes between the two positions; empty for one position. */
  private final byte[] between;

  private final byte[] after;

  private TextTemplate(byte[] before, byte[] between, byte[] after) {
    this.before = before;
    this.between = between;
    this.after = after;
  }

  /**
   * Returns the template of two JSON texts that differ only in the single character of a string, at
   * one or two positions.
   */
  public static TextTemplate of(byte[] one, byte[] other) {
    int at = Arrays.mismatch(one, other);
    if (at < 0 || one.length != other.length) {
      throw new IllegalArgumentException("expected texts that differ in one character");
    }
    int next = Arrays.mismatch(one, at + 1, one.length, other, at + 1, other.length);
    int second = next < 0 ? at : at + 1 + next;
    return new TextTemplate(
        Arrays.copyOf(one, at),
        next < 0 ? new byte[0] : Arrays.copyOfRange(one, at + 1, second),
        Arrays.copyOfRange(one, second + 1, one.length));
  }

  /** Returns the maximum size of the JSON for a string of {@code length} characters or bytes. */
  public int maxSize(int length) {
    int places = between.length == 0 ? 1 : 2;
    return before.length + places * MAX_GROWTH * length + between.length + after.length;
  }

  /**
   * Writes the JSON with a string.
   *
   * @param target the array to write to; must have space for {@link #maxSize}
   * @return the index after the last byte
   */
  public int write(String text, byte[] target, int start) {
    int at = begin(target, start);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        at = ascii(c, target, at);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        at = hex(c, target, at);
        at = hex(text.charAt(++i), target, at);
      } else {
        at = character(Character.isSurrogate(c) ? '\uFFFD' : c, target, at);
      }
    }
    return end(target, start + before.length, at);
  }

  /**
   * Writes the JSON with a string that is valid UTF-8.
   *
   * @param target the array to write to; must have space for {@link #maxSize}
   * @return the index after the last byte
   */
  public int write(byte[] utf8, int length, byte[] target, int start) {
    int at = begin(target, start);
    int i = 0;
    while (i < length) {
      byte b = utf8[i];
      if (b >= 0) {
        at = ascii(b, target, at);
        i++;
      } else if (b < (byte) 0xE0) {
        at = character(((b & 0x1F) << 6) | more(utf8, i + 1), target, at);
        i += 2;
      } else if (b < (byte) 0xF0) {
        int c = ((b & 0x0F) << 12) | (more(utf8, i + 1) << 6) | more(utf8, i + 2);
        at = character(c, target, at);
        i += 3;
      } else {
        int high = ((b & 0x07) << 18) | (more(utf8, i + 1) << 12);
        int c = high | (more(utf8, i + 2) << 6) | more(utf8, i + 3);
        at = hex(Character.highSurrogate(c), target, at);
        at = hex(Character.lowSurrogate(c), target, at);
        i += 4;
      }
    }
    return end(target, start + before.length, at);
  }

  private static int more(byte[] utf8, int at) {
    return utf8[at] & 0x3F;
  }

  private int begin(byte[] target, int start) {
    System.arraycopy(before, 0, target, start, before.length);
    return start + before.length;
  }

  private int end(byte[] target, int from, int to) {
    int at = to;
    if (between.length > 0) {
      System.arraycopy(between, 0, target, at, between.length);
      at += between.length;
      System.arraycopy(target, from, target, at, to - from);
      at += to - from;
    }
    System.arraycopy(after, 0, target, at, after.length);
    return at + after.length;
  }

  private static int ascii(int c, byte[] target, int at) {
    byte escape = ESCAPES[c];
    if (escape == 0) {
      target[at] = (byte) c;
      return at + 1;
    }
    if (escape == 'u') {
      return hex(c, target, at);
    }
    target[at] = '\\';
    target[at + 1] = escape;
    return at + 2;
  }

  /** Writes a character from U+0080 to U+FFFF. */
  private static int character(int c, byte[] target, int start) {
    int at = start;
    if (c == 0x85 || c == 0x2028 || c == 0x2029) { // like JsonCodec
      return hex(c, target, at);
    }
    if (c < 0x800) {
      target[at++] = (byte) (0xC0 | (c >> 6));
    } else {
      target[at++] = (byte) (0xE0 | (c >> 12));
      target[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
    }
    target[at++] = (byte) (0x80 | (c & 0x3F));
    return at;
  }

  private static int hex(int c, byte[] target, int start) {
    int at = start;
    target[at++] = '\\';
    target[at++] = 'u';
    for (int shift = 12; shift >= 0; shift -= 4) {
      target[at++] = HEX[(c >> shift) & 0xF];
    }
    return at;
  }

  private static byte[] escapes() {
    byte[] escapes = new byte[0x80];
    Arrays.fill(escapes, 0, ' ', (byte) 'u');
    escapes['\b'] = 'b';
    escapes['\f'] = 'f';
    escapes['\n'] = 'n';
    escapes['\t'] = 't';
    escapes['\r'] = 'r';
    escapes['"'] = '"';
    escapes['\\'] = '\\';
    return escapes;
  }
}
