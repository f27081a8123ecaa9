package io.github.openaikserve.resilience;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The endpoints at which attempts of one call have failed. Thread-safe; one per call. */
final class Attempts {
  private volatile List<ManagedEndpoint> failed = List.of();
  private volatile boolean exhausted;

  synchronized void failedAt(ManagedEndpoint endpoint) {
    List<ManagedEndpoint> all = new ArrayList<>(failed);
    all.add(endpoint);
    failed = List.copyOf(all);
  }

  /** Records that a wait for any endpoint to answer was in vain: another attempt would be, too. */
  void exhaust() {
    exhausted = true;
  }

  boolean isExhausted() {
    return exhausted;
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
