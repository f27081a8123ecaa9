package io.github.openaikserve.examples.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that says exactly what it is told to. Gives up reading after twenty seconds. */
final class Wire implements AutoCloseable {
  private static final int GIVE_UP_MILLIS = 20_000;

  private final Socket socket = new Socket();

  Wire(int port) throws IOException {
    this(port, 64 << 10);
  }

  /** One whose system holds only so many bytes that were not read yet. */
  Wire(int port, int receiveBuffer) throws IOException {
    socket.setReceiveBufferSize(receiveBuffer);
    socket.setSoTimeout(GIVE_UP_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  static String post(String body) {
    return "POST /x HTTP/1.1\r\nhost: x\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
  }

  Wire send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
    return this;
  }

  String readUntil(String wanted) throws IOException {
    var text = new StringBuilder();
    while (text.indexOf(wanted) < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new AssertionError("the connection ended after " + text);
      }
      text.append((char) next);
    }
    return text.toString();
  }

  /** Everything until the server hangs up. */
  String readAll() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Hangs up without a goodbye. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
