package io.github.openaikserve.internal.flow;

import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A subscription to a publisher that is not there yet, or is replaced by another: what was asked
 * for is asked of whoever comes. Thread-safe.
 */
final class Awaited implements Flow.Subscription {
  // Guarded by this.
  private Flow.@Nullable Subscription current;
  private long demanded;
  private boolean cancelled;

  /** Here it is: it owes all that was asked for so far. */
  void is(Flow.Subscription subscription) {
    boolean unwanted;
    long missed;
    synchronized (this) {
      unwanted = cancelled;
      missed = demanded;
      current = subscription;
    }
    if (unwanted) {
      subscription.cancel();
    } else if (missed != 0) {
      subscription.request(missed);
    }
  }

  synchronized boolean isThere() {
    return current != null;
  }

  synchronized boolean isCancelled() {
    return cancelled;
  }

  @Override
  public void request(long n) {
    Flow.Subscription target;
    synchronized (this) {
      target = current;
      if (n > 0 || target == null) {
        demanded = sum(demanded, n);
      }
    }
    if (target != null) {
      target.request(n);
    }
  }

  /** What is no demand stays so, for the publisher to say. */
  private static long sum(long before, long n) {
    if (before < 0 || n <= 0) {
      return before < 0 ? before : Math.min(n, -1);
    }
    return before + n < 0 ? Long.MAX_VALUE : before + n;
  }

  @Override
  public void cancel() {
    Flow.Subscription target;
    synchronized (this) {
      cancelled = true;
      target = current;
    }
    if (target != null) {
      target.cancel();
    }
  }
}
