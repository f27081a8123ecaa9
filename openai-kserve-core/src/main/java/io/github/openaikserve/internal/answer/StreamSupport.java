package io.github.openaikserve.internal.answer;

import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cache of the models whose servers do not support streams. Entries expire after some minutes.
 * Thread-safe.
 */
final class StreamSupport {
  private static final Logger log = LoggerFactory.getLogger(StreamSupport.class);
  private static final Duration TTL = Duration.ofMinutes(5);

  private final Scheduler scheduler;
  private final Map<String, Long> unaryUntil = new ConcurrentHashMap<>();

  StreamSupport(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Returns whether the server of a model is known not to support streams. */
  boolean isMissing(String model) {
    if (unaryUntil.isEmpty()) {
      return false;
    }
    Long until = unaryUntil.get(model);
    return until != null && scheduler.nanoTime() - until < 0;
  }

  /** Records that the server of a model does not support streams. */
  void recordMissing(String model) {
    if (unaryUntil.put(model, scheduler.nanoTime() + TTL.toNanos()) == null) {
      log.warn("server does not support streams, using unary calls model={}", model);
    }
  }
}
