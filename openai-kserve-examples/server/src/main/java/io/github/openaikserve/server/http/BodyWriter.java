package io.github.openaikserve.server.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Writes a body to a socket, asking for more only while the socket takes it. Signals may come on
 * any thread; everything happens on the connection's event loop.
 *
 * <p>Asks for one buffer at a time: what has come while one was written is in the next one, all in
 * one write.
 */
final class BodyWriter implements Flow.Subscriber<ByteBuffer> {
  /** What is larger is written in pieces, so that a reader who takes some is seen to do so. */
  private static final int PIECE = 64 << 10;

  private final HttpServerResponse response;
  private final Context context;
  private final WriteTimeout writeTimeout;
  private final Runnable end;
  private Flow.@Nullable Subscription subscription;
  private boolean owed;
  private boolean done;

  /** A writer; {@code end} is run once everything was written, on the event loop. */
  BodyWriter(
      HttpServerResponse response, Context context, WriteTimeout writeTimeout, Runnable end) {
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
            owed = true;
            refill();
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
          .onComplete(taken -> writeTimeout.taken());
    }
  }

  @Override
  public void onError(Throwable failure) {
    // A body says its failures in its bytes; this can only be a fault, and hanging up shows it.
    onEventLoop(() -> finish(response::reset));
  }

  @Override
  public void onComplete() {
    onEventLoop(() -> finish(end));
  }

  /** The client is gone, or nothing more is to be told. On the event loop. */
  void cancel() {
    done = true;
    if (subscription != null) {
      subscription.cancel();
    }
  }

  /** Ends it before its end; false if that was reached already. On the event loop. */
  boolean interrupt() {
    boolean running = !done;
    cancel();
    return running;
  }

  /** Now where this is the event loop, as when asking for more has given more. */
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
    writeTimeout.over();
    refill();
  }

  private void refill() {
    if (done) {
      return;
    }
    if (response.writeQueueFull()) {
      writeTimeout.watch();
    } else if (owed && subscription != null) {
      owed = false;
      subscription.request(1);
    }
  }
}
