package io.github.openaikserve.examples.server;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Writes a body to a socket, asking for more only while the socket takes it. Signals may come on
 * any thread; everything happens on the connection's event loop.
 */
final class BodyWriter implements Flow.Subscriber<ByteBuffer> {
  /** How many buffers may be on their way from the backend to the socket. */
  private static final int WINDOW = 32;

  /** What is larger is written in pieces, so that a reader who takes some is seen to do so. */
  private static final int PIECE = 64 << 10;

  private final HttpServerResponse response;
  private final Context context;
  private final Stall stall;
  private final Runnable end;
  private Flow.@Nullable Subscription subscription;
  private int owed;
  private boolean done;

  /** A writer; {@code end} is run once everything was written, on the event loop. */
  BodyWriter(HttpServerResponse response, Context context, Stall stall, Runnable end) {
    this.response = response;
    this.context = context;
    this.stall = stall;
    this.end = end;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    context.runOnContext(
        nothing -> {
          this.subscription = subscription;
          if (done) {
            subscription.cancel();
          } else {
            response.drainHandler(drained -> drained());
            subscription.request(WINDOW);
          }
        });
  }

  @Override
  public void onNext(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    context.runOnContext(
        nothing -> {
          if (!done) {
            write(copy);
            owed++;
            refill();
          }
        });
  }

  private void write(byte[] bytes) {
    Buffer whole = Buffer.buffer(bytes);
    if (bytes.length <= PIECE) {
      response.write(whole);
      return;
    }
    for (int at = 0; at < bytes.length; at += PIECE) {
      response
          .write(whole.slice(at, Math.min(bytes.length, at + PIECE)))
          .onComplete(taken -> stall.taken());
    }
  }

  @Override
  public void onError(Throwable failure) {
    // A body says its failures in its bytes; this can only be a fault, and hanging up shows it.
    context.runOnContext(nothing -> finish(response::reset));
  }

  @Override
  public void onComplete() {
    context.runOnContext(nothing -> finish(end));
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

  private void finish(Runnable how) {
    if (!done) {
      done = true;
      how.run();
    }
  }

  private void drained() {
    stall.over();
    refill();
  }

  private void refill() {
    if (done) {
      return;
    }
    if (response.writeQueueFull()) {
      stall.watch();
    } else if (owed >= WINDOW / 2 && subscription != null) {
      int more = owed;
      owed = 0;
      subscription.request(more);
    }
  }
}
