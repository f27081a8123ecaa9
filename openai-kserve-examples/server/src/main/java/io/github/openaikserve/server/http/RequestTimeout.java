package io.github.openaikserve.server.http;

import io.vertx.core.Vertx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The time limit for a client to send its request. Used on one event loop only. */
final class RequestTimeout {
  private final Vertx vertx;
  private final Duration limit;
  private @Nullable Long timer;

  RequestTimeout(Vertx vertx, Duration limit) {
    this.vertx = vertx;
    this.limit = limit;
  }

  /** Restarts the limit; {@code onTimeout} runs when it is exceeded. */
  void start(Runnable onTimeout) {
    stop();
    timer = vertx.setTimer(limit.toMillis(), fired -> onTimeout.run());
  }

  void stop() {
    Long running = timer;
    if (running != null) {
      vertx.cancelTimer(running);
      timer = null;
    }
  }
}
