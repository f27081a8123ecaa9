package io.github.openaikserve.server.http;

import io.vertx.core.Vertx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The time limit within which a client must send its request. Runs on one event loop. */
final class RequestTimeout {
  private final Vertx vertx;
  private final Duration limit;
  private @Nullable Long timer;

  RequestTimeout(Vertx vertx, Duration limit) {
    this.vertx = vertx;
    this.limit = limit;
  }

  /** Starts the time anew; when it is over, {@code late} runs. */
  void start(Runnable late) {
    stop();
    timer = vertx.setTimer(limit.toMillis(), fired -> late.run());
  }

  void stop() {
    Long running = timer;
    if (running != null) {
      vertx.cancelTimer(running);
      timer = null;
    }
  }
}
