package io.github.openaikserve.server.http;

import io.vertx.core.Vertx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time limit after which a client that reads nothing of a waiting answer is disconnected. Runs
 * on one event loop only.
 */
final class WriteTimeout {
  private static final int LOOKS = 4;

  private final Vertx vertx;
  private final Duration limit;
  private final Runnable cut;
  private long taken;
  private @Nullable Long timer;

  /** Creates a limit that runs {@code cut} when it is reached. */
  WriteTimeout(Vertx vertx, Duration limit, Runnable cut) {
    this.vertx = vertx;
    this.limit = limit;
    this.cut = cut;
  }

  /** Starts the time: bytes wait for the client. */
  void watch() {
    if (timer == null) {
      taken = System.nanoTime();
      timer = vertx.setPeriodic(Math.max(1, limit.toMillis() / LOOKS), periodically -> look());
    }
  }

  /** Starts the time anew: the client has read some bytes. */
  void taken() {
    taken = System.nanoTime();
  }

  /** Ends the time: no bytes wait. */
  void over() {
    Long running = timer;
    if (running != null) {
      vertx.cancelTimer(running);
      timer = null;
    }
  }

  private void look() {
    if (System.nanoTime() - taken >= limit.toNanos()) {
      over();
      cut.run();
    }
  }
}
