package io.github.openaikserve.resilience;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The endpoints at which attempts of one call have failed. Thread-safe; one per call. */
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
    waiting = false; // it was sent, and a call whose connection was lost long after may wait again
  }

  /** Records that the source has reported nothing for so long that no attempt waits again. */
  void exhaust() {
    exhausted = true;
  }

  /**
   * Returns how long the call may still wait for an endpoint that can be reached: a second from the
   * first wait since an attempt was sent, backoffs included. Not positive when that has passed.
   */
  synchronized Duration waitLeft(long now) {
    if (!waiting) {
      waiting = true;
      waitingSince = now;
    }
    return MAX_WAIT.minusNanos(now - waitingSince);
  }

  /** Returns whether no further attempt is made after a moment. */
  synchronized boolean isExhausted(long moment) {
    return exhausted || (waiting && moment - waitingSince >= MAX_WAIT.toNanos());
  }

  boolean isEmpty() {
    return failed.isEmpty();
  }

  boolean hasFailedAt(ManagedEndpoint endpoint) {
    return failed.contains(endpoint);
  }

  /** Returns the endpoint at which the last attempt failed; empty if it did not reach one. */
  Optional<ManagedEndpoint> last() {
    List<ManagedEndpoint> all = failed;
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }
}
