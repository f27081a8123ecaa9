package io.github.openaikserve.server.http;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A time limit for a client to send or to read. Used on one event loop only. */
final class ClientTimeout {
  private final Vertx vertx;
  private final Duration limit;
  private final Runnable onTimeout;
  private final Consumer<Boolean> waits;
  private @Nullable Long timer;

  /**
   * Creates a limit that runs {@code onTimeout} when it is reached.
   *
   * @param waits receives true when the limit starts and false when it stops
   */
  ClientTimeout(Vertx vertx, Duration limit, Runnable onTimeout, Consumer<Boolean> waits) {
    this.vertx = vertx;
    this.limit = limit;
    this.onTimeout = onTimeout;
    this.waits = waits;
  }

  /** Starts the limit unless it runs. */
  void start() {
    if (timer == null) {
      timer = vertx.setTimer(Math.max(1, limit.toMillis()), fired -> timedOut());
      waits.accept(true);
    }
  }

  private void timedOut() {
    timer = null;
    onTimeout.run();
  }

  /** Starts the limit again if it runs, because the client has made progress. */
  void extend() {
    if (timer != null) {
      restart();
    }
  }

  /** Starts the limit; if it runs, starts it again. */
  void restart() {
    stop();
    start();
  }

  void stop() {
    Long running = timer;
    if (running != null) {
      vertx.cancelTimer(running);
      timer = null;
      waits.accept(false);
    }
  }
}
