package io.github.openaikserve.http;

import io.github.openaikserve.internal.flow.Publishers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The bytes of a response, pulled by the host: the model generates no faster than the host reads.
 * Read once, by a subscriber or by one of the blocking methods. Thread-safe.
 *
 * <p>Each buffer belongs to the subscriber. A body of unknown length is a stream of server-sent
 * events, one or more whole events to a buffer, or of audio; write each buffer at once. An error of
 * the backend is an event, after which the body completes; it fails only if the service sets {@code
 * abortFailedStreams}. Audio has no place for an error: its body fails. A body that is not read
 * within 30 seconds is closed.
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

  /** Returns a body of these bytes, which must not be changed afterwards. */
  public static ApiBody of(byte[] bytes) {
    List<ByteBuffer> buffers =
        bytes.length == 0 ? List.of() : List.of(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    return new ApiBody(Publishers.fromIterable(buffers), () -> {}, bytes.length);
  }

  /**
   * Returns a body of unknown length.
   *
   * @param source subscribed to at most once
   * @param onClose cancels the source without a subscription; may run more than once
   */
  public static ApiBody streaming(Flow.Publisher<ByteBuffer> source, Runnable onClose) {
    return new ApiBody(source, onClose, UNKNOWN);
  }

  /** Returns the number of bytes; -1 if it is not known before the end. */
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
   * Writes the whole body, flushing after each buffer. Blocks until the end: must not be called by
   * a thread of the backend, such as in a continuation of {@link OpenAiHandler#handle}. If writing
   * fails or the thread is interrupted, the backend's call is cancelled.
   *
   * @throws IllegalStateException in such a continuation, unless an executor completes responses
   * @throws IOException what {@code out} threw, or {@link java.io.InterruptedIOException}
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
   * Returns the body as a stream that blocks, for one thread to read; at most 16 buffers are read
   * ahead. Must not be read by a thread of the backend. Closing it before its end, or an interrupt
   * of the reader, cancels the backend's call.
   */
  public InputStream inputStream() {
    return new BodyInputStream(this);
  }

  /**
   * Returns the whole body. Blocks until the end: must not be called by a thread of the backend.
   *
   * @throws UncheckedIOException if the body has already been read, or the thread is interrupted:
   *     the backend's call is then cancelled and the interrupt status preserved
   */
  public byte[] bytes() {
    try (InputStream in = inputStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Cancels the backend's call if it still runs. */
  @Override
  public void close() {
    taken.set(true);
    onClose.run();
  }
}
