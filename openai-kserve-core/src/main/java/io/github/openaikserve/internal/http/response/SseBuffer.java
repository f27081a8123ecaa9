package io.github.openaikserve.internal.http.response;

import io.github.openaikserve.internal.json.TextTemplate;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A buffer of server-sent events. Events that are ready at the same time are emitted in one buffer.
 * Not thread-safe.
 */
final class SseBuffer {
  /** The size in bytes at which the buffer is emitted, even if more events are ready. */
  static final int MAX_BUFFERED = 8 << 10;

  private static final int USUAL_EVENT = 512;
  private static final byte[] EVENT = ascii("event: ");
  private static final byte[] LINE = ascii("\n");
  private static final byte[] DATA = ascii("data: ");
  private static final byte[] END = ascii("\n\n");
  private static final byte[] COMMENT = ascii(": keep-alive\n\n");

  private final Consumer<? super ByteBuffer> output;
  private byte[] buffer = new byte[USUAL_EVENT];
  private int length;

  SseBuffer(Consumer<? super ByteBuffer> output) {
    this.output = output;
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Adds an event without a type. */
  void event(byte[] data) {
    put(DATA);
    put(data);
    put(END);
  }

  /** Adds an event. */
  void event(String type, byte[] data) {
    put(EVENT);
    put(ascii(type));
    put(LINE);
    event(data);
  }

  /** Adds a text written with a template. */
  void put(TextTemplate template, byte[] utf8, int size) {
    reserve(template.maxSize(size));
    length = template.write(utf8, size, buffer, length);
  }

  /** Adds a text written with a template. */
  void put(TextTemplate template, String text) {
    reserve(template.maxSize(text.length()));
    length = template.write(text, buffer, length);
  }

  /** Adds the digits of a non-negative number. */
  void put(int number) {
    int digits = 1;
    for (int rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    reserve(digits);
    int rest = number;
    for (int i = length + digits - 1; i >= length; i--) {
      buffer[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
  }

  void put(byte[] bytes) {
    reserve(bytes.length);
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
  }

  /** Adds a comment, which keeps the connection alive. */
  void keepAlive() {
    put(COMMENT);
  }

  /** Returns the number of buffered bytes. */
  int length() {
    return length;
  }

  /** Removes and returns the bytes after a position. */
  byte[] takeFrom(int start) {
    byte[] taken = Arrays.copyOfRange(buffer, start, length);
    length = start;
    return taken;
  }

  /** Emits the buffer if it is large. */
  void flushIfLarge() {
    if (length >= MAX_BUFFERED) {
      flush();
    }
  }

  /** Emits all buffered bytes. */
  void flush() {
    if (length > 0) {
      output.accept(ByteBuffer.wrap(Arrays.copyOf(buffer, length)));
      length = 0;
    }
  }

  private void reserve(int more) {
    if (buffer.length - length < more) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + more));
    }
  }
}
