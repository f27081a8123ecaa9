package io.github.openaikserve.server.http;

import io.netty.buffer.Unpooled;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a body to a socket, and requests more of it only while the socket accepts more. Signals
 * may arrive on any thread; they are handled on the connection's event loop.
 *
 * <p>Requests one buffer at a time. Everything that arrives while a buffer is written is in the
 * next buffer, and so in one write. Buffers are written without a copy and in pieces, as the client
 * reads them: clients that read nothing cost no memory for a body that they share.
 */
final class BodyWriter implements Flow.Subscriber<ByteBuffer> {
  /** The maximum size of one write; Netty copies the writes of HTTP/1 that wait for the socket. */
  private static final int PIECE = 16 << 10;

  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

  private final HttpServerResponse response;
  private final long length;
  private final Context context;
  private final ClientTimeout writeTimeout;
  private final Consumer<@Nullable Buffer> end;
  private Flow.@Nullable Subscription subscription;
  private ByteBuffer rest = NONE;
  private boolean requestDue;
  private boolean complete;
  private boolean done;

  /**
   * Creates a writer.
   *
   * @param length the length of the body in bytes; negative if it is not known
   * @param end ends the response, on the event loop: with this last piece; null if all was written
   */
  BodyWriter(
      HttpServerResponse response,
      long length,
      Context context,
      ClientTimeout writeTimeout,
      Consumer<@Nullable Buffer> end) {
    this.response = response;
    this.length = length;
    this.context = context;
    this.writeTimeout = writeTimeout;
    this.end = end;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    onEventLoop(
        () -> {
          this.subscription = subscription;
          if (done) {
            subscription.cancel();
          } else {
            response.drainHandler(drained -> drained());
            subscription.request(1);
          }
        });
  }

  @Override
  public void onNext(ByteBuffer bytes) {
    onEventLoop(
        () -> {
          if (done) {
            return;
          }
          rest = bytes;
          requestDue = true;
          if (bytes.remaining() == length && length <= PIECE) {
            Buffer whole = piece();
            finish(() -> end.accept(whole));
          } else {
            writeMore();
          }
        });
  }

  @Override
  public void onError(Throwable failure) {
    // A body reports failures in its bytes; this is a bug, which a closed connection reveals.
    onEventLoop(() -> finish(response::reset));
  }

  @Override
  public void onComplete() {
    onEventLoop(
        () -> {
          complete = true;
          writeMore();
        });
  }

  /** Stops writing, such as after the client has disconnected. On the event loop. */
  void cancel() {
    done = true;
    rest = NONE;
    if (subscription != null) {
      subscription.cancel();
    }
  }

  /**
   * Stops writing after the current buffer, which has whole events; returns false if the body had
   * already ended. On the event loop.
   */
  boolean interrupt() {
    if (done || complete) {
      return false;
    }
    while (rest.hasRemaining()) {
      writePiece();
    }
    cancel();
    return true;
  }

  /** Runs a task on the event loop; at once if this thread is the event loop. */
  private void onEventLoop(Runnable task) {
    if (Vertx.currentContext() == context) {
      task.run();
    } else {
      context.runOnContext(nothing -> task.run());
    }
  }

  private void finish(Runnable how) {
    if (!done) {
      done = true;
      rest = NONE;
      how.run();
    }
  }

  private void drained() {
    writeTimeout.stop();
    writeMore();
  }

  private void writeMore() {
    while (!done && rest.hasRemaining() && !response.writeQueueFull()) {
      writePiece();
    }
    if (done) {
      return;
    }
    if (complete && !rest.hasRemaining()) {
      finish(() -> end.accept(null));
    } else if (response.writeQueueFull()) {
      writeTimeout.start();
    } else if (requestDue && subscription != null) {
      requestDue = false;
      subscription.request(1);
    }
  }

  private void writePiece() {
    Buffer piece = piece();
    Future<Void> written = response.write(piece);
    if (piece.length() == PIECE) { // a smaller one, such as a token, is the last of its buffer
      written.onComplete(taken -> writeTimeout.extend());
    }
  }

  private Buffer piece() {
    int size = Math.min(rest.remaining(), PIECE);
    ByteBuffer piece = rest.slice(rest.position(), size);
    rest.position(rest.position() + size);
    return BufferInternal.buffer(Unpooled.wrappedBuffer(piece));
  }
}
