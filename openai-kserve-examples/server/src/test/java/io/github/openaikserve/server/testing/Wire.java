package io.github.openaikserve.server.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A raw client, which sends exact bytes. Reading times out after twenty seconds. */
public final class Wire implements AutoCloseable {
  private static final int GIVE_UP_MILLIS = 20_000;

  private final Socket socket = new Socket();
  private final InputStream in;

  public Wire(int port) throws IOException {
    this(port, 64 << 10);
  }

  /** Creates a client with a small receive buffer. */
  public Wire(int port, int receiveBuffer) throws IOException {
    socket.setReceiveBufferSize(receiveBuffer);
    socket.setSoTimeout(GIVE_UP_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    in = new BufferedInputStream(socket.getInputStream());
  }

  public static String post(String body) {
    return "POST /x HTTP/1.1\r\nhost: x\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
  }

  public Wire send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  public Wire send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  public String readUntil(String wanted) throws IOException {
    var text = new StringBuilder();
    while (text.indexOf(wanted) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new AssertionError("the connection ended after " + text);
      }
      text.append((char) next);
    }
    return text.toString();
  }

  /** Reads until the server closes the connection. */
  public String readAll() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Reads one record of TLS, with its head. */
  public byte[] readRecord() throws IOException {
    byte[] head = in.readNBytes(5);
    byte[] content = in.readNBytes(ByteBuffer.wrap(head, 3, 2).getShort() & 0xffff);
    return ByteBuffer.allocate(head.length + content.length).put(head).put(content).array();
  }

  /** Returns the number of bytes until the server closes or resets the connection. */
  public int readAllOrReset() {
    byte[] bytes = new byte[8192];
    int read = 0;
    try {
      for (int n = 0; n >= 0; n = in.read(bytes)) {
        read += n;
      }
    } catch (IOException e) {
      // A reset.
    }
    return read;
  }

  /** Reads bytes at an even pace within a time; returns the number of bytes. */
  public int readSlowly(int wanted, Duration time) throws IOException {
    byte[] bytes = new byte[4096];
    long begun = System.nanoTime();
    int read = 0;
    while (read < wanted) {
      while (System.nanoTime() - begun < time.toNanos() * ((double) read / wanted)) {
        Wait.pause();
      }
      int n = in.read(bytes);
      if (n < 0) {
        return read;
      }
      read += n;
    }
    return read;
  }

  /** Sends, and reads until the server is silent or closes the connection. */
  public String trySend(String text) {
    try {
      send(text);
      return readUntil("POST /x c");
    } catch (IOException | AssertionError e) {
      return "";
    }
  }

  /** Sends bytes, unless the server has closed the connection. */
  public Wire trySend(byte[] bytes) {
    try {
      return send(bytes);
    } catch (IOException e) {
      return this;
    }
  }

  /** Resets the connection. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
