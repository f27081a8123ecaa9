package io.github.openaikserve.server.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes of an HTTP/2 client that does not behave as usual clients do. */
public final class Http2Frames {
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int MAX_SHORT_TEXT = 127;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Begins a connection whose streams may not receive a byte of a response body. */
  public static Http2Frames connection() {
    var frames = new Http2Frames();
    frames.bytes.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    ByteBuffer window = ByteBuffer.allocate(6).putShort((short) INITIAL_WINDOW_SIZE).putInt(0);
    frames.frame(SETTINGS, 0, 0, window.array());
    return frames;
  }

  /** Adds a whole request for a path. */
  public Http2Frames get(int stream, String path) {
    frame(HEADERS, END_STREAM | END_HEADERS, stream, head(0x82, path, 0));
    return this;
  }

  /** Adds a request for a path without its body, with headers of about this size. */
  public Http2Frames post(int stream, String path, int headers) {
    frame(HEADERS, END_HEADERS, stream, head(0x83, path, headers));
    return this;
  }

  public byte[] bytes() {
    return bytes.toByteArray();
  }

  /**
   * Returns a block of headers.
   *
   * <p><b>Source:</b> RFC 7541, section 6 and appendix A.
   */
  private static byte[] head(int method, String path, int size) {
    var head = new ByteArrayOutputStream();
    head.write(method);
    head.write(0x86); // :scheme http
    head.write(0x44); // :path
    text(head, path);
    head.write(0x41); // :authority
    text(head, "x");
    for (int i = 0; i < size / 1000; i++) {
      head.write(0);
      text(head, "x-" + i);
      text(head, "v".repeat(1000));
    }
    return head.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String text) {
    int length = text.length();
    out.write(Math.min(length, MAX_SHORT_TEXT));
    if (length >= MAX_SHORT_TEXT) {
      int rest = length - MAX_SHORT_TEXT;
      for (; rest >= 128; rest /= 128) {
        out.write(rest % 128 + 128);
      }
      out.write(rest);
    }
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  private void frame(int type, int flags, int stream, byte[] payload) {
    ByteBuffer head =
        ByteBuffer.allocate(9)
            .put((byte) (payload.length >> 16))
            .putShort((short) payload.length)
            .put((byte) type)
            .put((byte) flags)
            .putInt(stream);
    bytes.writeBytes(head.array());
    bytes.writeBytes(payload);
  }
}
