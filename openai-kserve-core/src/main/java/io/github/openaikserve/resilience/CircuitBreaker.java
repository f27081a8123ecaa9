package io.github.openaikserve.resilience;

import io.github.openaikserve.internal.resilience.SerialTasks;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.Arrays;

/**
 * The circuit breaker of one endpoint. Thread-safe.
 *
 * <p>It counts only failures of the endpoint (unreachable, timed out, protocol violated), never
 * failures of a request. While it is open, health checks continue in the background. After an
 * endpoint was unreachable, the first successful health check closes the circuit breaker. If health
 * checks succeed although calls fail, the endpoint stays ejected until {@code waitInOpenState} has
 * passed. That wait doubles each time unless a call succeeded in between. A successful call closes
 * the circuit breaker in any state.
 */
final class CircuitBreaker {
  /** A listener of state changes, notified one at a time, in order, and never under a lock. */
  interface Listener {
    void onTransition(CircuitState from, CircuitState to, String reason);
  }

  private final CircuitBreakerPolicy policy;
  private final Scheduler scheduler;
  private final Listener listener;
  private final SerialTasks transitions = new SerialTasks();

  /** Written under the lock; read without it each time an endpoint is chosen. */
  private volatile CircuitState state = CircuitState.CLOSED;

  // Guarded by this.
  private final SlidingWindow window;
  private int consecutiveFailures;
  private long changedAt;
  private Duration wait;
  private boolean succeededSinceClosed = true;
  private boolean closesWithHealthCheck;

  CircuitBreaker(CircuitBreakerPolicy policy, Scheduler scheduler, Listener listener) {
    this.policy = policy;
    this.scheduler = scheduler;
    this.listener = listener;
    this.window = new SlidingWindow(policy.slidingWindow(), policy.slidingWindowTime());
    this.wait = policy.waitInOpenState();
  }

  CircuitState state() {
    if (state == CircuitState.CLOSED) {
      return CircuitState.CLOSED;
    }
    long now = scheduler.nanoTime();
    CircuitState current;
    synchronized (this) {
      endWait(now);
      current = state;
    }
    transitions.run();
    return current;
  }

  /** Records a call that the endpoint answered completely. */
  void onSuccess() {
    long now = scheduler.nanoTime();
    synchronized (this) {
      if (state == CircuitState.CLOSED) {
        recordSuccess(now);
        return;
      }
      close(true, now);
    }
    transitions.run();
  }

  /**
   * Records a call that the endpoint started to answer and that the caller ended. Does not close
   * the circuit breaker, because the answer may be older than the failures.
   */
  void onAnswer() {
    long now = scheduler.nanoTime();
    synchronized (this) {
      if (state == CircuitState.CLOSED) {
        recordSuccess(now);
      }
    }
  }

  private void recordSuccess(long now) {
    consecutiveFailures = 0;
    succeededSinceClosed = true;
    window.record(false, now);
  }

  /**
   * Records a failure of the endpoint.
   *
   * @param unreachable whether the endpoint could not be reached, or the connection was lost
   * @param reason the reason for the log
   */
  void onFailure(boolean unreachable, String reason) {
    long now = scheduler.nanoTime();
    synchronized (this) {
      if (state != CircuitState.CLOSED) {
        return;
      }
      consecutiveFailures++;
      window.record(true, now);
      if (consecutiveFailures >= policy.consecutiveFailures()) {
        String count = consecutiveFailures + " consecutive failures, the last: ";
        open(unreachable, count + reason, now);
      } else if (window.failureRate(now) >= policy.failureRate()) {
        open(unreachable, "failure rate of recent calls, the last: " + reason, now);
      }
    }
    transitions.run();
  }

  /** Records a successful health check. */
  void onHealthy() {
    long now = scheduler.nanoTime();
    synchronized (this) {
      endWait(now);
      if (state == CircuitState.HALF_OPEN || closesWithHealthCheck) {
        close(false, now);
      }
    }
    transitions.run();
  }

  /** Records a failed health check. */
  void onUnhealthy(String reason) {
    long now = scheduler.nanoTime();
    synchronized (this) {
      endWait(now);
      if (state == CircuitState.HALF_OPEN) {
        open(true, "health check failed: " + reason, now);
      }
      closesWithHealthCheck = state == CircuitState.OPEN;
    }
    transitions.run();
  }

  private void endWait(long now) {
    if (state == CircuitState.OPEN && now - changedAt >= wait.toNanos()) {
      become(CircuitState.HALF_OPEN, "waited " + wait, now);
    }
  }

  private void open(boolean unreachable, String reason, long now) {
    if (succeededSinceClosed) {
      wait = policy.waitInOpenState();
      closesWithHealthCheck = unreachable;
    } else {
      Duration doubled = wait.multipliedBy(2);
      Duration longest = policy.maxWaitInOpenState();
      wait = doubled.compareTo(longest) < 0 ? doubled : longest;
      closesWithHealthCheck = false;
    }
    become(CircuitState.OPEN, reason, now);
  }

  private void close(boolean callSucceeded, long now) {
    consecutiveFailures = 0;
    closesWithHealthCheck = false;
    succeededSinceClosed = callSucceeded;
    window.clear();
    String reason = callSucceeded ? "a call succeeded" : "a health check succeeded";
    become(CircuitState.CLOSED, reason, now);
  }

  private void become(CircuitState next, String reason, long now) {
    CircuitState before = state;
    state = next;
    changedAt = now;
    transitions.add(() -> listener.onTransition(before, next, reason));
  }

  /** A sliding window of the outcomes of the last calls. */
  private static final class SlidingWindow {
    private final long[] times;
    private final boolean[] failures;
    private final long maxAge;
    private int size;
    private int next;
    private int failed;

    SlidingWindow(int calls, Duration maxAge) {
      this.times = new long[calls];
      this.failures = new boolean[calls];
      this.maxAge = maxAge.toNanos();
    }

    void record(boolean failure, long now) {
      if (size == times.length) {
        failed -= failures[next] ? 1 : 0;
      } else {
        size++;
      }
      times[next] = now;
      failures[next] = failure;
      failed += failure ? 1 : 0;
      next = (next + 1) % times.length;
    }

    /** Returns the fraction of failed calls; 0 unless the window is full of recent calls. */
    double failureRate(long now) {
      // In a full window the oldest call is at the position of the next write.
      boolean full = size == times.length && now - times[next] <= maxAge;
      return full ? (double) failed / size : 0;
    }

    void clear() {
      Arrays.fill(failures, false);
      size = 0;
      next = 0;
      failed = 0;
    }
  }
}
