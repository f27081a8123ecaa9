package io.github.openaikserve.server.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Writes a body to a socket, and requests more of it only while the socket accepts more. Signals
 * may arrive on any thread; they are handled on the connection's event loop.
 *
 * <p>Requests one buffer at a time. Everything that arrives while a buffer is written is in the
 * next buffer, and so in one write.
 */
final class BodyWriter implements Flow.Subscriber<ByteBuffer> {
  /** Larger buffers are written in pieces of this size, to notice a client that reads slowly. */
  private static final int PIECE = 64 << 10;

  private final HttpServerResponse response;
  private final Context context;
  private final ClientTimeout writeTimeout;
  private final Runnable end;
  private Flow.@Nullable Subscription subscription;
  private boolean requestDue;
  private boolean done;

  /** Creates a writer; {@code end} runs on the event loop after everything was written. */
  BodyWriter(
      HttpServerResponse response, Context context, ClientTimeout writeTimeout, Runnable end) {
    this.response = response;
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
          if (!done) {
            write(copy(bytes));
            requestDue = true;
            requestMore();
          }
        });
  }

  private void write(Buffer whole) {
    if (whole.length() <= PIECE) {
      response.write(whole);
      return;
    }
    for (int at = 0; at < whole.length(); at += PIECE) {
      response
          .write(whole.slice(at, Math.min(whole.length(), at + PIECE)))
          .onComplete(taken -> writeTimeout.extend());
    }
  }

  @Override
  public void onError(Throwable failure) {
    // A body reports failures in its bytes; this is a bug, which a closed connection reveals.
    onEventLoop(() -> finish(response::reset));
  }

  @Override
  public void onComplete() {
    onEventLoop(() -> finish(end));
  }

  /** Stops writing, such as after the client has disconnected. On the event loop. */
  void cancel() {
    done = true;
    if (subscription != null) {
      subscription.cancel();
    }
  }

  /** Stops writing; returns false if the body had already ended. On the event loop. */
  boolean interrupt() {
    boolean running = !done;
    cancel();
    return running;
  }

  /** Runs a task on the event loop; at once if this thread is the event loop. */
  private void onEventLoop(Runnable task) {
    if (Vertx.currentContext() == context) {
      task.run();
    } else {
      context.runOnContext(nothing -> task.run());
    }
  }

  private static Buffer copy(ByteBuffer bytes) {
    if (bytes.hasArray()) {
      int from = bytes.arrayOffset() + bytes.position();
      return Buffer.buffer(bytes.remaining()).appendBytes(bytes.array(), from, bytes.remaining());
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return Buffer.buffer(copy);
  }

  private void finish(Runnable how) {
    if (!done) {
      done = true;
      how.run();
    }
  }

  private void drained() {
    writeTimeout.stop();
    requestMore();
  }

  private void requestMore() {
    if (done) {
      return;
    }
    if (response.writeQueueFull()) {
      writeTimeout.start();
    } else if (requestDue && subscription != null) {
      requestDue = false;
      subscription.request(1);
    }
  }
}
