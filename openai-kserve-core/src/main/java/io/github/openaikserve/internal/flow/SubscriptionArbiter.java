package io.github.openaikserve.internal.flow;

import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A subscription whose upstream is set later. Passes earlier demand and cancellation on to the
 * upstream. Thread-safe.
 */
final class SubscriptionArbiter implements Flow.Subscription {
  // Guarded by this.
  private Flow.@Nullable Subscription current;
  private long demanded;
  private boolean cancelled;

  private @Nullable Runnable onCancel;

  /** Sets an additional task that runs on cancellation. Called before the first signal. */
  void onCancel(Runnable task) {
    onCancel = task;
  }

  /** Sets the upstream, from which all earlier demand is requested. */
  void set(Flow.Subscription subscription) {
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

  synchronized boolean isSet() {
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
      if (target == null) {
        demanded = sum(demanded, n);
      }
    }
    if (target != null) {
      target.request(n);
    }
  }

  /** Adds two demands. An illegal demand stays illegal, so that the upstream reports it. */
  private static long sum(long before, long n) {
    if (before < 0 || n <= 0) {
      return before < 0 ? before : Math.min(n, -1);
    }
    return before + n < 0 ? Long.MAX_VALUE : before + n;
  }

  @Override
  public void cancel() {
    cancel(Flow.Subscription::cancel);
  }

  /** Cancels a subscription, or its upstream if the subscription is an arbiter. */
  static void cancel(Flow.Subscription subscription, Consumer<Flow.Subscription> cancellation) {
    if (subscription instanceof SubscriptionArbiter arbiter) {
      arbiter.cancel(cancellation);
    } else {
      cancellation.accept(subscription);
    }
  }

  private void cancel(Consumer<Flow.Subscription> cancellation) {
    Flow.Subscription target;
    synchronized (this) {
      cancelled = true;
      target = current;
    }
    if (onCancel != null) {
      onCancel.run();
    }
    if (target != null) {
      cancel(target, cancellation);
    }
  }
}
