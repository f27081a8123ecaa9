package io.github.openaikserve.grpc.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;

/** A client's connection to the proxy, and the proxy's connection to the server. */
public final class Link implements AutoCloseable {
  private static final int PIECE = 8 << 10;

  private final Socket client;
  private final Socket server = new Socket();
  private final int port;
  private final Executor threads;
  private final CountDownLatch clientGone = new CountDownLatch(1);
  private volatile boolean mute;

  Link(Socket client, int port, Executor threads) {
    this.client = client;
    this.port = port;
    this.threads = threads;
  }

  /** Returns the client's data. */
  public InputStream fromClient() throws IOException {
    return client.getInputStream();
  }

  /** Returns the stream that the client reads. */
  public OutputStream toClient() throws IOException {
    return client.getOutputStream();
  }

  /** Returns the server's data; only after {@link #connect}. */
  public InputStream fromServer() throws IOException {
    return server.getInputStream();
  }

  /** Connects to the server and forwards all requests on a separate thread. */
  public void connect() throws IOException {
    server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    threads.execute(
        () -> {
          try {
            copy(client.getInputStream(), server.getOutputStream(), Long.MAX_VALUE);
            server.shutdownOutput();
          } catch (IOException e) {
            close(server); // the reader notices that the client has disconnected
          } finally {
            clientGone.countDown();
          }
        });
  }

  /** Forwards all answers on a separate thread, until {@link #mute}. */
  public void relay() {
    threads.execute(
        () -> {
          byte[] piece = new byte[PIECE];
          try {
            for (int read = next(piece); read >= 0; read = next(piece)) {
              if (!mute) {
                client.getOutputStream().write(piece, 0, read);
              }
            }
            close();
          } catch (IOException e) {
            close();
          }
        });
  }

  private int next(byte[] piece) throws IOException {
    return server.getInputStream().read(piece);
  }

  /** Drops all further data of the server. */
  public void mute() {
    mute = true;
  }

  /** Waits until the client has disconnected. */
  public void awaitClientGone() throws IOException {
    try {
      clientGone.await();
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
  }

  /** Forwards up to this number of bytes. */
  static void copy(InputStream from, OutputStream to, long atMost) throws IOException {
    byte[] piece = new byte[PIECE];
    long left = atMost;
    while (left > 0) {
      int read = from.read(piece, 0, (int) Math.min(piece.length, left));
      if (read < 0) {
        return;
      }
      to.write(piece, 0, read);
      to.flush();
      left -= read;
    }
  }

  /** Reads and discards data until the client disconnects. */
  public void swallow() throws IOException {
    fromClient().transferTo(OutputStream.nullOutputStream());
  }

  /** Resets the client's connection, unless it is already closed. */
  public void reset() throws IOException {
    try {
      client.setSoLinger(true, 0);
    } catch (SocketException closed) {
      return;
    }
    client.close();
  }

  @Override
  public void close() {
    close(client);
    close(server);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
