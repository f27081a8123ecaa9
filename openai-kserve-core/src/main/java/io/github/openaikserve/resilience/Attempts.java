package io.github.openaikserve.resilience;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The failed attempts of one call, and the time it has waited for an endpoint. One instance per
 * call. Thread-safe.
 */
final class Attempts {
  private static final Duration MAX_WAIT = Duration.ofSeconds(1);

  private volatile List<ManagedEndpoint> failed = List.of();
  private volatile boolean exhausted;

  // Guarded by this.
  private boolean waiting;
  private long waitingSince;

  synchronized void failedAt(ManagedEndpoint endpoint) {
    List<ManagedEndpoint> all = new ArrayList<>(failed);
    all.add(endpoint);
    failed = List.copyOf(all);
    // The attempt was sent. After a connection that was lost later, the call may wait again.
    waiting = false;
  }

  /** Records that the source has reported nothing in time, so no attempt waits again. */
  void exhaust() {
    exhausted = true;
  }

  /**
   * Returns how much longer the call may wait for a reachable endpoint: one second from the first
   * wait after the last attempt was sent, including backoffs. Zero or negative after that.
   */
  synchronized Duration waitLeft(long now) {
    if (!waiting) {
      waiting = true;
      waitingSince = now;
    }
    return MAX_WAIT.minusNanos(now - waitingSince);
  }

  /** Returns whether no further attempt is made at the given time. */
  synchronized boolean isExhausted(long moment) {
    return exhausted || (waiting && moment - waitingSince >= MAX_WAIT.toNanos());
  }

  boolean isEmpty() {
    return failed.isEmpty();
  }

  boolean hasFailedAt(ManagedEndpoint endpoint) {
    return failed.contains(endpoint);
  }

  /** Returns the endpoint of the last failed attempt; empty if no attempt reached an endpoint. */
  Optional<ManagedEndpoint> last() {
    List<ManagedEndpoint> all = failed;
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }
}
