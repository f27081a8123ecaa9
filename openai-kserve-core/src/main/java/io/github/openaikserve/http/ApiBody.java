package io.github.openaikserve.http;

import io.github.openaikserve.internal.flow.BlockingSubscriber;
import io.github.openaikserve.internal.flow.Publishers;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A response body that the host pulls, so a slow host slows the model down. It can be read once, by
 * a subscriber or with one of the blocking methods. Thread-safe.
 *
 * <p>The subscriber owns each buffer. A body of unknown length is a stream of server-sent events,
 * with one or more whole events in each buffer, or a stream of audio. Write each buffer to the
 * socket immediately. An error of the backend becomes an event, after which the body completes; the
 * body fails only if the service sets {@code abortFailedStreams}. A body of audio cannot carry an
 * error, so it fails. A body that is not read within 30 seconds is closed.
 */
public final class ApiBody implements Flow.Publisher<ByteBuffer>, AutoCloseable {
  private static final long UNKNOWN = -1;

  private final Flow.Publisher<ByteBuffer> source;
  private final Runnable onClose;
  private final long length;
  private final AtomicBoolean taken = new AtomicBoolean();

  private ApiBody(Flow.Publisher<ByteBuffer> source, Runnable onClose, long length) {
    this.source = source;
    this.onClose = onClose;
    this.length = length;
  }

  /** Returns a body of these bytes. The array must not be modified afterwards. */
  public static ApiBody of(byte[] bytes) {
    List<ByteBuffer> buffers =
        bytes.length == 0 ? List.of() : List.of(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    return new ApiBody(Publishers.fromIterable(buffers), () -> {}, bytes.length);
  }

  /**
   * Returns the body of a response to HEAD: no bytes, and the length of the response to GET for
   * {@code content-length}.
   *
   * @param length the number of bytes in the response to GET; -1 if unknown
   */
  public static ApiBody head(long length) {
    return new ApiBody(Publishers.fromIterable(List.of()), () -> {}, length);
  }

  /**
   * Returns a body of unknown length.
   *
   * @param source subscribed to at most once
   * @param onClose cancels a source that has no subscription; may run more than once
   */
  public static ApiBody streaming(Flow.Publisher<ByteBuffer> source, Runnable onClose) {
    return new ApiBody(source, onClose, UNKNOWN);
  }

  /**
   * Returns the number of bytes; for a response to HEAD, that of the response to GET; -1 if
   * unknown.
   */
  public long length() {
    return length;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    if (taken.compareAndSet(false, true)) {
      source.subscribe(subscriber);
    } else {
      Publishers.<ByteBuffer>error(new IllegalStateException("the body has already been read"))
          .subscribe(subscriber);
    }
  }

  /**
   * Writes the whole body and flushes after each buffer. Blocks until the end, so it must not be
   * called on a thread of the backend, for example in a continuation of {@link
   * OpenAiHandler#handle}. If writing fails or the thread is interrupted, the backend's call is
   * cancelled.
   *
   * @throws IllegalStateException if called in such a continuation, unless an executor completes
   *     responses
   * @throws IOException the exception of {@code out}, or {@link java.io.InterruptedIOException}
   */
  public void writeTo(OutputStream out) throws IOException {
    try (var in = new BodyInputStream(this)) {
      for (ByteBuffer buffer = in.next(); buffer != null; buffer = in.next()) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        out.write(bytes);
        out.flush();
      }
    }
  }

  /**
   * Returns the body as a blocking stream for one reading thread. At most 16 buffers are read
   * ahead. Must not be read on a thread of the backend. Closing the stream before its end, or
   * interrupting the reader, cancels the backend's call.
   */
  public InputStream inputStream() {
    return new BodyInputStream(this);
  }

  /**
   * Returns the whole body. Blocks until the end, so it must not be called on a thread of the
   * backend.
   *
   * @throws UncheckedIOException if the body has already been read, or the thread is interrupted.
   *     An interrupt cancels the backend's call; the interrupt status is preserved
   */
  public byte[] bytes() {
    try (InputStream in = inputStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Cancels the backend's call if it is still running. */
  @Override
  public void close() {
    taken.set(true);
    onClose.run();
  }

  /**
   * An {@link InputStream} over a body. Read by one thread; {@link #close} may be called from any
   * thread.
   */
  private static final class BodyInputStream extends InputStream {
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
      ByteBuffer next;
      try {
        next = buffers.next();
      } catch (InterruptedException e) {
        close();
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for the backend");
      } catch (ExecutionException e) {
        throw closed ? closedException() : new IOException("the body cannot be read", e.getCause());
      }
      if (next == null && closed) {
        throw closedException();
      }
      return next;
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
      buffers.onComplete(); // wakes the reader
    }

    private static IOException closedException() {
      return new IOException("the body was closed");
    }
  }
}
