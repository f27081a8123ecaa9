package io.github.openaikserve.http;

import io.github.openaikserve.internal.flow.BlockingSubscriber;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * An {@link InputStream} over a body. Read by one thread; {@link #close} may be called from any
 * thread.
 */
final class BodyInputStream extends InputStream {
  /** The number of buffers to read ahead. */
  private static final int WINDOW = 16;

  private final BlockingSubscriber<ByteBuffer> buffers = new BlockingSubscriber<>(WINDOW);
  private ByteBuffer current = ByteBuffer.allocate(0);
  private volatile boolean closed;

  BodyInputStream(Flow.Publisher<ByteBuffer> body) {
    body.subscribe(buffers);
  }

  /** Returns the next buffer; null at the end. */
  @Nullable ByteBuffer next() throws IOException {
    try {
      return buffers.next();
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the backend");
    } catch (ExecutionException e) {
      throw closed ? closedException() : new IOException("the body cannot be read", e.getCause());
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (closed) {
      throw closedException();
    }
    while (length > 0 && !current.hasRemaining()) {
      ByteBuffer next = next();
      if (next == null) {
        return -1;
      }
      current = next;
    }
    int count = Math.min(length, current.remaining());
    current.get(bytes, offset, count);
    return count;
  }

  @Override
  public int available() {
    return current.remaining();
  }

  /** Cancels the backend's call if it is still running. */
  @Override
  public void close() {
    closed = true;
    buffers.cancel();
    buffers.fail(closedException()); // wakes the reader
  }

  private static IOException closedException() {
    return new IOException("the body was closed");
  }
}
