package io.github.openaikserve.internal.text;

import java.nio.charset.StandardCharsets;

/** Text from UTF-8. */
public final class Utf8Text {
  private Utf8Text() {}

  /**
   * Appends UTF-8 to a text.
   *
   * @param utf8 whole characters
   * @param length how many bytes from the beginning of the array are text
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
