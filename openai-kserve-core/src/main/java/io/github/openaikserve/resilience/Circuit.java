package io.github.openaikserve.resilience;

import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What recent calls came to, and what follows from it. Thread-safe. */
final class Circuit {
  private static final Logger log = LoggerFactory.getLogger(Circuit.class);

  private final CircuitBreaker breaker;
  private final Scheduler scheduler;

  // Guarded by this.
  private final long[] moments;
  private final boolean[] failed;
  private int outcomes;
  private int next;
  private int inARow;
  private CircuitState state = CircuitState.CLOSED;
  private long changed;
  private @Nullable CircuitCall probe;

  Circuit(CircuitBreaker breaker, Scheduler scheduler) {
    this.breaker = breaker;
    this.scheduler = scheduler;
    this.moments = new long[breaker.window()];
    this.failed = new boolean[breaker.window()];
  }

  /** Whether a call may be made. */
  enum Permit {
    CALL,
    /** It is the one that finds out. */
    PROBE,
    REFUSED
  }

  synchronized CircuitState state() {
    settle();
    return state;
  }

  /** Whether no call is let through: not even one that finds out. */
  boolean isOpen() {
    return state() == CircuitState.OPEN;
  }

  synchronized Permit ask(CircuitCall call) {
    settle();
    return switch (state) {
      case CLOSED -> Permit.CALL;
      case OPEN -> Permit.REFUSED;
      case HALF_OPEN -> probe(call);
    };
  }

  /** One at a time; one that has said nothing for so long does not keep others from trying. */
  private Permit probe(CircuitCall call) {
    boolean overdue = since(changed) >= breaker.openFor().toNanos();
    if (probe != null && !overdue) {
      return Permit.REFUSED;
    }
    probe = call;
    changed = scheduler.nanoTime();
    return Permit.PROBE;
  }

  /** After how long a refused call may do better. */
  synchronized Duration retryAfter() {
    long left = breaker.openFor().toNanos() - since(changed);
    return Duration.ofNanos(Math.max(left, 1_000_000));
  }

  /** A probe was answered. */
  synchronized void answered() {
    if (state == CircuitState.HALF_OPEN) {
      become(CircuitState.CLOSED);
      forget();
    }
  }

  /** A call came to a good end. */
  synchronized void succeeded() {
    if (state == CircuitState.CLOSED) {
      inARow = 0;
      remember(false);
    }
  }

  /** A call failed by the server's fault. */
  synchronized void failed(CircuitCall call) {
    if (state == CircuitState.HALF_OPEN && probe == call) { // not one that was replaced
      become(CircuitState.OPEN);
    } else if (state == CircuitState.CLOSED) {
      inARow++;
      remember(true);
      if (inARow >= breaker.consecutiveFailures() || tooMany()) {
        become(CircuitState.OPEN);
      }
    }
  }

  /** A call ended without telling anything: the next one is the probe if this was. */
  synchronized void learntNothing(CircuitCall call) {
    if (probe == call) { // and not one that has been overdue and was replaced
      probe = null;
    }
  }

  private void settle() {
    if (state == CircuitState.OPEN && since(changed) >= breaker.openFor().toNanos()) {
      become(CircuitState.HALF_OPEN);
    }
  }

  private void become(CircuitState now) {
    log.warn("the circuit to a model server is {} now, was {}", now, state);
    state = now;
    changed = scheduler.nanoTime();
    probe = null;
  }

  private void forget() {
    outcomes = 0;
    next = 0;
    inARow = 0;
  }

  private void remember(boolean failure) {
    moments[next] = scheduler.nanoTime();
    failed[next] = failure;
    next = (next + 1) % moments.length;
    outcomes = Math.min(outcomes + 1, moments.length);
  }

  /** Whether a full window of calls that are recent enough has failed too often. */
  private boolean tooMany() {
    return recentFailures()
        .map(failures -> failures >= breaker.failureRatio() * moments.length)
        .orElse(false);
  }

  private Optional<Integer> recentFailures() {
    if (outcomes < moments.length || since(moments[next]) > breaker.memory().toNanos()) {
      return Optional.empty(); // the oldest stands where the next will be written
    }
    int failures = 0;
    for (boolean failure : failed) {
      failures += failure ? 1 : 0;
    }
    return Optional.of(failures);
  }

  private long since(long moment) {
    return scheduler.nanoTime() - moment;
  }
}
