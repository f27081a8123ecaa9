package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The health checks of one endpoint: one at a time, at intervals, and at once when a call needs to
 * know. Thread-safe.
 */
final class HealthChecker implements AutoCloseable {
  /** A result that is younger answers for a health check that would be made now. */
  private static final Duration FRESH = Duration.ofMillis(200);

  private static final double JITTER = 0.2;

  private final InferenceBackend backend;
  private final HealthCheckPolicy policy;
  private final Scheduler scheduler;
  private final DoubleSupplier random;
  private final Consumer<HealthCheck> listener;

  // Guarded by this.
  private @Nullable CompletableFuture<HealthCheck> running;
  private @Nullable Runnable timer;
  private HealthCheck last = HealthCheck.UNKNOWN;
  private long lastEnd;
  private boolean closed;

  /**
   * Creates the health checks of an endpoint, none of which is made yet.
   *
   * @param random numbers from 0 to 1 that spread the checks of many endpoints
   * @param listener receives every result
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
  }

  /**
   * Returns the result of the health check that is running, of one that has just ended, or of one
   * that starts now. Never fails.
   */
  CompletableFuture<HealthCheck> check() {
    synchronized (this) {
      if (running == null && isFresh()) {
        return CompletableFuture.completedFuture(last);
      }
    }
    return start();
  }

  private CompletableFuture<HealthCheck> start() {
    CompletableFuture<HealthCheck> result;
    synchronized (this) {
      if (running != null) {
        return running;
      }
      if (closed) {
        return CompletableFuture.completedFuture(last);
      }
      result = new CompletableFuture<>();
      running = result;
      stopTimer();
      timer = scheduler.schedule(policy.timeout(), () -> end(result, timedOut()));
    }
    ready()
        .whenComplete(
            (ready, failure) -> {
              HealthCheck check = failure == null ? of(ready) : of(failure);
              if (!end(result, check) && check.isHealthy()) {
                listener.accept(check); // late, and still a sign of life
              }
            });
    return result;
  }

  /** Makes a health check, at once unless one has just ended: the endpoint is in doubt. */
  void checkSoon() {
    synchronized (this) {
      if (running != null || closed) {
        return;
      }
      if (isFresh()) {
        schedule(FRESH);
        return;
      }
    }
    start();
  }

  private CompletionStage<Optional<Boolean>> ready() {
    try {
      return backend.ready();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private HealthCheck timedOut() {
    return new HealthCheck(
        HealthCheck.Result.TIMED_OUT, "no answer to a health check within " + policy.timeout());
  }

  private static HealthCheck of(Optional<Boolean> ready) {
    return ready.orElse(true)
        ? HealthCheck.HEALTHY
        : new HealthCheck(HealthCheck.Result.NOT_READY, "the server reports that it is not ready");
  }

  private static HealthCheck of(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof BackendException backend) {
      HealthCheck.Result result = HealthCheck.Result.UNREACHABLE;
      if (backend.backendCode() == BackendCode.DEADLINE_EXCEEDED) {
        result = HealthCheck.Result.TIMED_OUT;
      } else if (backend.saidByServer()) {
        result = HealthCheck.Result.NOT_READY;
      }
      return new HealthCheck(result, Reasons.of(backend));
    }
    return new HealthCheck(HealthCheck.Result.UNREACHABLE, String.valueOf(cause));
  }

  /** Ends a health check; false if it had ended before. */
  private boolean end(CompletableFuture<HealthCheck> check, HealthCheck result) {
    synchronized (this) {
      if (running != check) {
        return false;
      }
      running = null;
      last = result;
      lastEnd = scheduler.nanoTime();
      stopTimer();
      if (!closed) {
        double spread = 1 + JITTER * (2 * random.getAsDouble() - 1);
        Duration interval = result.isHealthy() ? policy.interval() : policy.unhealthyInterval();
        // An endpoint that may have returned is never checked later than its interval says.
        double factor = result.isHealthy() ? spread : Math.min(spread, 1);
        schedule(Duration.ofNanos((long) (interval.toNanos() * factor)));
      }
    }
    listener.accept(result);
    check.complete(result);
    return true;
  }

  private void schedule(Duration delay) {
    stopTimer();
    timer = scheduler.schedule(delay, this::start);
  }

  private void stopTimer() {
    if (timer != null) {
      timer.run();
      timer = null;
    }
  }

  private boolean isFresh() {
    return last.result() != HealthCheck.Result.UNKNOWN
        && scheduler.nanoTime() - lastEnd < FRESH.toNanos();
  }

  @Override
  public synchronized void close() {
    closed = true;
    stopTimer();
  }
}
