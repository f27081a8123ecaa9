package io.github.openaikserve.internal.json;

/**
 * A strict check that bytes are UTF-8. Jackson also accepts UTF-16, UTF-32 and overlong forms,
 * which a filter in front of this service would read as a different request.
 *
 * <p><b>Source:</b> RFC 3629, section 4; RFC 8259, section 8.1.
 */
final class Utf8 {
  private static final int ASCII = 0x80;

  private Utf8() {}

  /** Returns whether bytes are UTF-8 without zero bytes, which JSON never contains. */
  static boolean isText(byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      int lead = bytes[at] & 0xFF;
      if (lead == 0) {
        return false;
      }
      int length = lead < ASCII ? 1 : sequence(bytes, at, lead);
      if (length == 0) {
        return false;
      }
      at += length;
    }
    return true;
  }

  /** Returns the length of a multi-byte sequence; 0 if it is invalid. */
  private static int sequence(byte[] bytes, int at, int lead) {
    int length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || at + length > bytes.length) {
      return 0;
    }
    int second = bytes[at + 1] & 0xFF;
    if (second < leastSecond(lead) || second > greatestSecond(lead)) {
      return 0;
    }
    for (int i = 2; i < length; i++) {
      if ((bytes[at + i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /** Returns the minimum second byte. A smaller one would be an overlong form. */
  private static int leastSecond(int lead) {
    return switch (lead) {
      case 0xE0 -> 0xA0;
      case 0xF0 -> 0x90;
      default -> 0x80;
    };
  }

  /**
   * Returns the maximum second byte. A greater one would be a surrogate or a code point above
   * U+10FFFF.
   */
  private static int greatestSecond(int lead) {
    return switch (lead) {
      case 0xED -> 0x9F;
      case 0xF4 -> 0x8F;
      default -> 0xBF;
    };
  }
}
