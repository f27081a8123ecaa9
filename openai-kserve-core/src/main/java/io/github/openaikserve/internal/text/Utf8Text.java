package io.github.openaikserve.internal.text;

import java.nio.charset.StandardCharsets;

/** Decoding of UTF-8. */
public final class Utf8Text {
  private Utf8Text() {}

  /**
   * Decodes UTF-8 and appends it to a text.
   *
   * @param utf8 complete characters
   * @param length the number of bytes to decode, from the beginning of the array
   */
  public static void append(StringBuilder text, byte[] utf8, int length) {
    for (int i = 0; i < length; i++) {
      if (utf8[i] < 0) {
        text.append(new String(utf8, i, length - i, StandardCharsets.UTF_8));
        return;
      }
      text.append((char) utf8[i]);
    }
  }
}
