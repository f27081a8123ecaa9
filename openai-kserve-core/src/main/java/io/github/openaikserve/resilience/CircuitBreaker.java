package io.github.openaikserve.resilience;

import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker of one endpoint. Thread-safe.
 *
 * <p>It counts what the endpoint did wrong and nothing else; {@link CallOutcome} decides that.
 * While it is open, health checks go on in the background. An endpoint that was unreachable closes
 * it with the first health check that succeeds. An endpoint whose health checks succeed all the
 * time, though its calls fail, stays out until {@code waitInOpenState} has passed; the wait doubles
 * each time unless a call succeeded in between. A call that succeeds closes it in any state.
 */
final class CircuitBreaker {
  /** Receives changes of state, never under a lock. */
  interface Listener {
    void onTransition(CircuitState from, CircuitState to, String reason);
  }

  /** A change that is still to be reported. */
  private record Transition(CircuitState from, CircuitState to, String reason) {}

  private final CircuitBreakerPolicy policy;
  private final Scheduler scheduler;
  private final Listener listener;

  /** Written under the lock; read without it by every choice of an endpoint. */
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
    Transition transition;
    CircuitState now;
    synchronized (this) {
      transition = endWait();
      now = state;
    }
    report(transition);
    return now;
  }

  /** Records a call that the endpoint answered. */
  void onSuccess() {
    Transition transition = null;
    synchronized (this) {
      consecutiveFailures = 0;
      succeededSinceClosed = true;
      if (state == CircuitState.CLOSED) {
        window.record(false, scheduler.nanoTime());
      } else {
        transition = close("a call succeeded");
      }
    }
    report(transition);
  }

  /**
   * Records a failure of the endpoint.
   *
   * @param unreachable whether the endpoint could not be reached, or lost the connection
   * @param reason what happened, for the log
   */
  void onFailure(boolean unreachable, String reason) {
    Transition transition = null;
    synchronized (this) {
      if (state == CircuitState.CLOSED) {
        consecutiveFailures++;
        window.record(true, scheduler.nanoTime());
        if (consecutiveFailures >= policy.consecutiveFailures()) {
          transition =
              open(unreachable, consecutiveFailures + " consecutive failures, the last: " + reason);
        } else if (window.failureRate(scheduler.nanoTime()) >= policy.failureRate()) {
          transition = open(unreachable, "failure rate of recent calls, the last: " + reason);
        }
      }
    }
    report(transition);
  }

  /** Records a health check that succeeded. */
  void onHealthy() {
    Transition ended;
    Transition transition = null;
    synchronized (this) {
      ended = endWait();
      boolean closes = state == CircuitState.HALF_OPEN || closesWithHealthCheck;
      if (state != CircuitState.CLOSED && closes) {
        transition = close("a health check succeeded");
      }
    }
    report(ended);
    report(transition);
  }

  /** Records a health check that failed. */
  void onUnhealthy(String reason) {
    Transition ended;
    Transition transition = null;
    synchronized (this) {
      ended = endWait();
      if (state == CircuitState.HALF_OPEN) {
        transition = open(true, "health check failed: " + reason);
      }
      closesWithHealthCheck |= state == CircuitState.OPEN;
    }
    report(ended);
    report(transition);
  }

  private @Nullable Transition endWait() {
    boolean over = state == CircuitState.OPEN && scheduler.nanoTime() - changedAt >= wait.toNanos();
    return over ? become(CircuitState.HALF_OPEN, "waited " + wait) : null;
  }

  private Transition open(boolean unreachable, String reason) {
    if (succeededSinceClosed) {
      wait = policy.waitInOpenState();
      closesWithHealthCheck = unreachable;
    } else {
      Duration doubled = wait.multipliedBy(2);
      Duration longest = policy.maxWaitInOpenState();
      wait = doubled.compareTo(longest) < 0 ? doubled : longest;
      closesWithHealthCheck = false;
    }
    return become(CircuitState.OPEN, reason);
  }

  private Transition close(String reason) {
    consecutiveFailures = 0;
    closesWithHealthCheck = false;
    succeededSinceClosed = reason.startsWith("a call");
    window.clear();
    return become(CircuitState.CLOSED, reason);
  }

  private Transition become(CircuitState next, String reason) {
    CircuitState before = state;
    state = next;
    changedAt = scheduler.nanoTime();
    return new Transition(before, next, reason);
  }

  private void report(@Nullable Transition transition) {
    if (transition != null) {
      listener.onTransition(transition.from(), transition.to(), transition.reason());
    }
  }
}
