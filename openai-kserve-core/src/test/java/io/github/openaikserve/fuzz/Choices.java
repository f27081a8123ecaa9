package io.github.openaikserve.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Bytes as choices: any bytes mean something, and once they are used up every choice is the first.
 */
final class Choices {
  private final byte[] bytes;
  private int position;

  Choices(byte[] bytes) {
    this.bytes = bytes;
  }

  boolean left() {
    return position < bytes.length;
  }

  /** From 0 to 255. */
  int next() {
    return left() ? bytes[position++] & 0xff : 0;
  }

  int below(int bound) {
    return next() % bound;
  }

  /** True for about one byte in {@code odds}, and never once the bytes are used up. */
  boolean oneIn(int odds) {
    return next() % odds == odds - 1;
  }

  <T> T of(List<T> items) {
    return items.get(below(items.size()));
  }

  long number() {
    long number = 0;
    int length = below(9);
    for (int i = 0; i < length; i++) {
      number = number << 8 | next();
    }
    return number;
  }

  byte[] bytes(int atMost) {
    int length = Math.min(below(atMost + 1), bytes.length - position);
    byte[] taken = Arrays.copyOfRange(bytes, position, position + length);
    position += length;
    return taken;
  }

  /** Half of it any characters, half of it well-formed UTF-8 where the bytes are. */
  String text(int atMost) {
    boolean latin = oneIn(2);
    return new String(bytes(atMost), latin ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
  }

  byte[] rest() {
    byte[] rest = Arrays.copyOfRange(bytes, Math.min(position, bytes.length), bytes.length);
    position = bytes.length;
    return rest;
  }
}
