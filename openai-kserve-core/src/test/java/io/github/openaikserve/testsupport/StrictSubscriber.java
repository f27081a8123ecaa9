package io.github.openaikserve.testsupport;

import io.github.openaikserve.races.Race;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber that also records every signal that breaks a rule of Reactive Streams: a signal
 * during another one or after the end, and an item that was not requested. Thread-safe.
 */
public final class StrictSubscriber<T> extends TestSubscriber<T> {
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicLong allowed;
  private final AtomicInteger ends = new AtomicInteger();
  private final Queue<String> violations = new ConcurrentLinkedQueue<>();
  private volatile Flow.@Nullable Subscription subscription;
  private volatile boolean cancelled;

  /** Creates a subscriber that requests nothing on its own. */
  public StrictSubscriber() {
    this(0);
  }

  /** Creates a subscriber that requests {@code demand} items when it is subscribed. */
  public StrictSubscriber(long demand) {
    super(demand);
    allowed = new AtomicLong(demand);
  }

  /** Returns the signals that broke a rule. */
  public List<String> violations() {
    return List.copyOf(violations);
  }

  /** Returns whether this subscriber has cancelled its subscription. */
  public boolean isCancelled() {
    return cancelled;
  }

  /** Requests a few items at a time until the end. */
  public void readAll(Random random) {
    while (!hasEnded() && !cancelled) {
      requestNow(1 + random.nextInt(3));
      Race.pause();
    }
  }

  /** Requests items, if there is a subscription. */
  public void requestNow(long n) {
    Flow.Subscription current = subscription;
    if (current != null) {
      allowed.accumulateAndGet(Math.max(0, n), (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
      current.request(n);
    }
  }

  /** Cancels the subscription, if there is one. */
  public void cancelNow() {
    cancelNow(Flow.Subscription::cancel);
  }

  /** Cancels the subscription in some way, if there is one. */
  public void cancelNow(Consumer<Flow.Subscription> how) {
    Flow.Subscription current = subscription;
    if (current != null) {
      how.accept(current);
      cancelled = true;
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    if (this.subscription != null) {
      violations.add("subscribed twice");
    }
    this.subscription = subscription;
    super.onSubscribe(subscription);
  }

  @Override
  public void onNext(T item) {
    enter("an item");
    if (allowed.getAndDecrement() <= 0) {
      violations.add("an item that was not requested");
    }
    super.onNext(item);
    inside.decrementAndGet();
  }

  @Override
  public void onError(Throwable failure) {
    end("a failure");
    super.onError(failure);
  }

  @Override
  public void onComplete() {
    end("a completion");
    super.onComplete();
  }

  private void end(String signal) {
    enter(signal);
    inside.decrementAndGet();
    ends.incrementAndGet();
  }

  private void enter(String signal) {
    if (inside.getAndIncrement() > 0) {
      violations.add(signal + " during another signal");
    }
    if (subscription == null) {
      violations.add(signal + " before the subscription");
    }
    if (ends.get() > 0) {
      violations.add(signal + " after the end");
    }
  }
}
