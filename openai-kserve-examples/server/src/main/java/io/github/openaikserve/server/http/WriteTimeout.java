package io.github.openaikserve.server.http;

import io.vertx.core.Vertx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time limit after which a client that reads nothing of a pending response is disconnected.
 * Used on one event loop only.
 */
final class WriteTimeout {
  private static final int CHECKS_PER_LIMIT = 4;

  private final Vertx vertx;
  private final Duration limit;
  private final Runnable onTimeout;
  private long lastRead;
  private @Nullable Long timer;

  /** Creates a limit that runs {@code onTimeout} when it is reached. */
  WriteTimeout(Vertx vertx, Duration limit, Runnable onTimeout) {
    this.vertx = vertx;
    this.limit = limit;
    this.onTimeout = onTimeout;
  }

  /** Starts the limit unless it runs: bytes wait for the client. */
  void start() {
    if (timer == null) {
      lastRead = System.nanoTime();
      timer =
          vertx.setPeriodic(
              Math.max(1, limit.toMillis() / CHECKS_PER_LIMIT), periodically -> check());
    }
  }

  /** Restarts the limit: the client has read some bytes. */
  void restart() {
    lastRead = System.nanoTime();
  }

  /** Stops the limit: no bytes wait for the client. */
  void stop() {
    Long running = timer;
    if (running != null) {
      vertx.cancelTimer(running);
      timer = null;
    }
  }

  private void check() {
    if (System.nanoTime() - lastRead >= limit.toNanos()) {
      stop();
      onTimeout.run();
    }
  }
}
