package io.github.openaikserve.http;

import io.github.openaikserve.internal.flow.BlockingSubscriber;
import io.github.openaikserve.internal.flow.Publishers;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The bytes of a response, pulled by the host: nothing is generated faster than it asks. Takes one
 * subscriber. Thread-safe.
 *
 * <p>Each buffer is the subscriber's own to read. A body of unknown length is a stream of
 * server-sent events, one or more whole events to a buffer; write each out at once. It never fails:
 * an error of the backend is an event in it, and then the stream completes.
 */
public final class ApiBody implements Flow.Publisher<ByteBuffer>, AutoCloseable {
  private static final int WINDOW = 16;

  private final Flow.Publisher<ByteBuffer> source;
  private final Runnable onClose;
  private final OptionalLong length;
  private final AtomicBoolean taken = new AtomicBoolean();

  private ApiBody(Flow.Publisher<ByteBuffer> source, Runnable onClose, OptionalLong length) {
    this.source = source;
    this.onClose = onClose;
    this.length = length;
  }

  /** A body of known bytes, which must not be written to afterwards. */
  public static ApiBody of(byte[] bytes) {
    List<ByteBuffer> buffers =
        bytes.length == 0 ? List.of() : List.of(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    return new ApiBody(Publishers.fromIterable(buffers), () -> {}, OptionalLong.of(bytes.length));
  }

  /**
   * A body of unknown length.
   *
   * @param source subscribed to at most once
   * @param onClose ends the source when nobody is going to subscribe; may run more than once
   */
  public static ApiBody streaming(Flow.Publisher<ByteBuffer> source, Runnable onClose) {
    return new ApiBody(source, onClose, OptionalLong.empty());
  }

  /** How many bytes there are; empty when that is not known before the end. */
  public OptionalLong length() {
    return length;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    if (taken.compareAndSet(false, true)) {
      source.subscribe(subscriber);
    } else {
      Publishers.<ByteBuffer>error(new IllegalStateException("the body was read already"))
          .subscribe(subscriber);
    }
  }

  /**
   * Writes everything, flushing after each buffer; for hosts with a thread to spare. Blocks until
   * the end. When writing fails or the thread is interrupted, the backend's call is cancelled.
   *
   * @throws IOException what {@code out} threw, or {@link InterruptedIOException}
   */
  public void writeTo(OutputStream out) throws IOException {
    var buffers = new BlockingSubscriber<ByteBuffer>(WINDOW);
    subscribe(buffers);
    try {
      for (ByteBuffer buffer = buffers.next(); buffer != null; buffer = buffers.next()) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        out.write(bytes);
        out.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the backend");
    } catch (ExecutionException e) {
      throw new IOException("the body cannot be read", e.getCause());
    } finally {
      buffers.cancel();
    }
  }

  /** Ends the backend's call if it is still going on. Does nothing the second time. */
  @Override
  public void close() {
    taken.set(true);
    onClose.run();
  }
}
