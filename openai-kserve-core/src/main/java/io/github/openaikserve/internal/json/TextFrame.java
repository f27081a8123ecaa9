package io.github.openaikserve.internal.json;

import java.util.Arrays;

/**
 * The JSON around the text of a chunk, which is the same in all chunks of a choice but for the
 * text. Immutable.
 *
 * <p>Made of what the plain way writes, so that it cannot differ from it, and gives up on
 * characters that are written in any way of their own.
 */
public final class TextFrame {
  /** How many bytes a character can become, or a byte of UTF-8. */
  private static final int MAX_GROWTH = 3;

  private static final byte GIVE_UP = 1;
  private static final byte[] ESCAPES = escapes();

  private final byte[] before;
  private final byte[] after;

  private TextFrame(byte[] before, byte[] after) {
    this.before = before;
    this.after = after;
  }

  /**
   * The frame of the chunks that differ from this one in nothing but the text.
   *
   * @param chunk one that says text and nothing else
   * @param prefix what comes before the JSON
   * @param suffix what comes after it
   */
  public static <C> TextFrame of(ChunkJson<C> json, C chunk, byte[] prefix, byte[] suffix) {
    byte[] none = json.write(json.withText(chunk, ""));
    byte[] some = json.write(json.withText(chunk, "x"));
    int at = Arrays.mismatch(none, some);
    return new TextFrame(
        joined(prefix, Arrays.copyOf(none, at)),
        joined(Arrays.copyOfRange(none, at, none.length), suffix));
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** How many bytes the frame and a text of that many characters or bytes take at most. */
  public int maxSize(int length) {
    return before.length + MAX_GROWTH * length + after.length;
  }

  /** Writes frame and text to where there is room; gives where it ends, or -1 if it gave up. */
  public int write(String text, byte[] target, int start) {
    int at = begin(target, start);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        at = ascii(c, target, at);
        if (at < 0) {
          return -1;
        }
      } else if (Character.isSurrogate(c) || isLineEnd(c)) {
        return -1;
      } else if (c < 0x800) {
        target[at++] = (byte) (0xC0 | (c >> 6));
        target[at++] = (byte) (0x80 | (c & 0x3F));
      } else {
        target[at++] = (byte) (0xE0 | (c >> 12));
        target[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
        target[at++] = (byte) (0x80 | (c & 0x3F));
      }
    }
    return end(target, at);
  }

  /** The same with a text in UTF-8; gives up too where it is not whole characters. */
  public int write(byte[] utf8, int length, byte[] target, int start) {
    int at = begin(target, start);
    for (int i = 0; i < length; i++) {
      byte b = utf8[i];
      if (b >= 0) {
        at = ascii(b, target, at);
        if (at < 0) {
          return -1;
        }
        continue;
      }
      int more = b >= (byte) 0xC2 && b <= (byte) 0xDF ? 1 : b <= (byte) 0xEF ? 2 : 0;
      if (b < (byte) 0xC2 || more == 0 || i + more >= length) {
        return -1;
      }
      int c = character(utf8, i, more);
      if (c < 0 || isLineEnd(c)) {
        return -1;
      }
      for (int end = i + more; i < end; i++) {
        target[at++] = utf8[i];
      }
      target[at++] = utf8[i];
    }
    return end(target, at);
  }

  /** The character of two or three bytes; -1 if they are none. */
  private static int character(byte[] utf8, int at, int more) {
    int c = utf8[at] & (more == 1 ? 0x1F : 0x0F);
    for (int i = 1; i <= more; i++) {
      if ((utf8[at + i] & 0xC0) != 0x80) {
        return -1;
      }
      c = (c << 6) | (utf8[at + i] & 0x3F);
    }
    boolean shortest = more == 1 || c >= 0x800;
    return shortest && !(c >= 0xD800 && c <= 0xDFFF) ? c : -1;
  }

  private int begin(byte[] target, int start) {
    System.arraycopy(before, 0, target, start, before.length);
    return start + before.length;
  }

  private int end(byte[] target, int at) {
    System.arraycopy(after, 0, target, at, after.length);
    return at + after.length;
  }

  private static int ascii(int c, byte[] target, int at) {
    byte escape = ESCAPES[c];
    if (escape == 0) {
      target[at] = (byte) c;
      return at + 1;
    }
    if (escape == GIVE_UP) {
      return -1;
    }
    target[at] = '\\';
    target[at + 1] = escape;
    return at + 2;
  }

  /** What {@link LineSafeEscapes} escapes. */
  private static boolean isLineEnd(int c) {
    return c == 0x85 || c == 0x2028 || c == 0x2029;
  }

  private static byte[] escapes() {
    byte[] escapes = new byte[0x80];
    Arrays.fill(escapes, 0, ' ', GIVE_UP);
    escapes['\n'] = 'n';
    escapes['\t'] = 't';
    escapes['\r'] = 'r';
    escapes['"'] = '"';
    escapes['\\'] = '\\';
    return escapes;
  }
}
