package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.internal.concurrent.Futures;
import io.github.openaikserve.internal.resilience.HealthCheck;
import io.github.openaikserve.internal.resilience.Timer;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The health checks of one endpoint. Runs one check at a time, at intervals and on demand.
 * Thread-safe.
 */
final class HealthChecker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HealthChecker.class);

  /** The maximum age of a result that is used instead of a new health check. */
  private static final Duration FRESH = Duration.ofMillis(200);

  private static final double JITTER = 0.2;

  private final InferenceBackend backend;
  private final HealthCheckPolicy policy;
  private final Scheduler scheduler;
  private final DoubleSupplier random;
  private final Consumer<HealthCheck> listener;

  /** The timeout of the running health check. */
  private final Timer timeout;

  /** The delay until the next health check. */
  private final Timer next;

  private volatile boolean schedulerFailed;

  // Guarded by this.
  private @Nullable CompletableFuture<HealthCheck> running;
  private @Nullable CompletableFuture<HealthCheck> lastChecked;
  private boolean ending;
  private boolean again;
  private HealthCheck last = HealthCheck.UNKNOWN;
  private long lastEnd;
  private boolean closed;

  /**
   * Creates a checker that has not yet run a health check.
   *
   * @param random supplies random numbers from 0 to 1, which spread the checks of many endpoints
   * @param listener receives every result, one at a time and never under a lock
   */
  HealthChecker(
      InferenceBackend backend,
      HealthCheckPolicy policy,
      Scheduler scheduler,
      DoubleSupplier random,
      Consumer<HealthCheck> listener) {
    this.backend = backend;
    this.policy = policy;
    this.scheduler = scheduler;
    this.random = random;
    this.listener = listener;
    this.timeout = new Timer(scheduler);
    this.next = new Timer(scheduler);
  }

  /**
   * Returns the result of the running health check, of a recent one, or of a new one. Never fails.
   * After this was closed, the endpoint counts as unreachable.
   */
  CompletableFuture<HealthCheck> check() {
    long now = scheduler.nanoTime();
    synchronized (this) {
      if (running == null && !closed && freshFor(now) > 0) {
        return CompletableFuture.completedFuture(last);
      }
    }
    return start();
  }

  private CompletableFuture<HealthCheck> start() {
    CompletableFuture<HealthCheck> check;
    synchronized (this) {
      if (running != null) {
        return running;
      }
      if (closed) {
        return CompletableFuture.completedFuture(HealthCheck.CLOSED);
      }
      check = new CompletableFuture<>();
      running = check;
    }
    set(timeout, policy.timeout(), () -> end(check, HealthCheck.timedOut(policy.timeout())));
    CompletionStage<Void> unused =
        ready()
            .thenApply(HealthCheck::answered)
            .exceptionally(failure -> HealthCheck.failed(Futures.cause(failure)))
            .thenAccept(result -> answered(check, result));
    return check;
  }

  private void answered(CompletableFuture<HealthCheck> check, HealthCheck result) {
    if (!end(check, result) && result.isHealthy() && replacesLast(check, result)) {
      notifyListener(result); // a late answer still shows that the server is alive
    }
  }

  /**
   * Runs a health check soon because a call has failed: immediately, unless one has just completed.
   */
  void checkSoon() {
    long now = scheduler.nanoTime();
    long wait;
    synchronized (this) {
      if (running != null || closed) {
        again |= ending; // the failure is newer than that result
        return;
      }
      wait = freshFor(now);
    }
    if (wait > 0) {
      set(next, Duration.ofNanos(wait), this::start);
    } else {
      start();
    }
  }

  private CompletionStage<Optional<Boolean>> ready() {
    try {
      return Objects.requireNonNull(backend.ready(), "ready");
    } catch (Throwable e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Completes a health check. Returns false if it was already completed. */
  private boolean end(CompletableFuture<HealthCheck> check, HealthCheck result) {
    synchronized (this) {
      if (running != check || ending) {
        return false;
      }
      ending = true; // no other check runs until the listener has received this result
    }
    timeout.stop();
    notifyListener(result);
    long now = scheduler.nanoTime();
    boolean soon;
    synchronized (this) {
      soon = again;
      again = false;
      ending = false;
      if (!closed) {
        running = null;
        lastChecked = check;
        last = result;
        lastEnd = now;
      }
    }
    set(next, soon ? FRESH : interval(result), this::start);
    check.complete(result);
    return true;
  }

  private void set(Timer timer, Duration delay, Runnable task) {
    try {
      timer.set(delay, task);
      schedulerFailed = false;
    } catch (Throwable e) {
      if (!schedulerFailed) {
        log.error("scheduler failed, health checks in the background have stopped", e);
      }
      schedulerFailed = true;
    }
  }

  private void notifyListener(HealthCheck result) {
    try {
      listener.accept(result);
    } catch (Throwable e) {
      log.error("health check listener failed", e);
    }
  }

  private Duration interval(HealthCheck result) {
    double spread = 1 + JITTER * (2 * random.getAsDouble() - 1);
    Duration interval = result.isHealthy() ? policy.interval() : policy.unhealthyInterval();
    // An unhealthy endpoint is never checked later than its interval, so the interval is only
    // shortened.
    double factor = result.isHealthy() ? spread : Math.min(spread, 1);
    return Duration.ofNanos((long) (interval.toNanos() * factor));
  }

  private synchronized boolean replacesLast(
      CompletableFuture<HealthCheck> check, HealthCheck result) {
    if (closed || lastChecked != check) {
      return false;
    }
    last = result;
    return true;
  }

  /** Returns for how many nanoseconds the last result may still be used; 0 if it may not. */
  private long freshFor(long now) {
    return last.result() == HealthCheck.Result.UNKNOWN
        ? 0
        : Math.max(0, FRESH.toNanos() - (now - lastEnd));
  }

  /** Ends health checks. Closing again has no effect. */
  @Override
  public void close() {
    CompletableFuture<HealthCheck> pending;
    synchronized (this) {
      closed = true;
      pending = running;
      running = null;
    }
    timeout.close();
    next.close();
    if (pending != null) {
      pending.complete(HealthCheck.CLOSED);
    }
  }
}
