package io.github.openaikserve.server;

import io.vertx.core.Vertx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a client has taken nothing for too long of what waits for it. Runs on one event loop
 * only.
 */
final class Stall {
  private static final int LOOKS = 4;

  private final Vertx vertx;
  private final Duration limit;
  private final Runnable cut;
  private long taken;
  private @Nullable Long timer;

  /** A watch that runs {@code cut} when it has been too long. */
  Stall(Vertx vertx, Duration limit, Runnable cut) {
    this.vertx = vertx;
    this.limit = limit;
    this.cut = cut;
  }

  /** Something waits for the client from now on. */
  void watch() {
    if (timer == null) {
      taken = System.nanoTime();
      timer = vertx.setPeriodic(Math.max(1, limit.toMillis() / LOOKS), periodically -> look());
    }
  }

  /** The client took some. */
  void taken() {
    taken = System.nanoTime();
  }

  /** Nothing waits any more. */
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
