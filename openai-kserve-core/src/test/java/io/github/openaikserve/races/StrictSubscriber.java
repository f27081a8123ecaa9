package io.github.openaikserve.races;

import java.util.ArrayList;
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
 * Writes down every signal that breaks a rule of Reactive Streams: one that comes while another is
 * handled, one after the end, a value nobody asked for. Thread-safe.
 */
public final class StrictSubscriber<T> implements Flow.Subscriber<T> {
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicLong allowed = new AtomicLong();
  private final AtomicInteger ends = new AtomicInteger();
  private final Queue<String> violations = new ConcurrentLinkedQueue<>();
  private final List<T> values = new ArrayList<>();
  private volatile Flow.@Nullable Subscription subscription;
  private volatile @Nullable Throwable failure;
  private volatile boolean cancelled;

  /** What broke a rule; empty if nothing did. */
  public List<String> violations() {
    return List.copyOf(violations);
  }

  /** The values so far; to be read when nothing is going on any more. */
  public List<T> values() {
    return List.copyOf(values);
  }

  public boolean ended() {
    return ends.get() > 0;
  }

  public boolean cancelled() {
    return cancelled;
  }

  /** How it failed; null while it goes on, and if it completed. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /** Asks for a few at a time until the end. */
  public void readAll(Random random) {
    while (!ended() && !cancelled) {
      request(1 + random.nextInt(3));
      Race.pause();
    }
  }

  private void request(int n) {
    Flow.Subscription current = subscription;
    if (current != null) {
      allowed.addAndGet(n);
      current.request(n);
    }
  }

  /** Cancels, if there is something to cancel yet. */
  public void cancel() {
    cancel(Flow.Subscription::cancel);
  }

  /** Cancels in some way, if there is something to cancel yet. */
  public void cancel(Consumer<Flow.Subscription> how) {
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
  }

  @Override
  public void onNext(T value) {
    enter("a value");
    if (allowed.decrementAndGet() < 0) {
      violations.add("a value that was not asked for");
    }
    values.add(value);
    inside.decrementAndGet();
  }

  @Override
  public void onError(Throwable failure) {
    this.failure = failure;
    end("a failure");
  }

  @Override
  public void onComplete() {
    end("a completion");
  }

  private void end(String what) {
    enter(what);
    inside.decrementAndGet();
    if (ends.getAndIncrement() > 0) {
      violations.add(what + " after the end");
    }
  }

  private void enter(String what) {
    if (inside.getAndIncrement() > 0) {
      violations.add(what + " in the middle of another signal");
    }
    if (subscription == null) {
      violations.add(what + " before the subscription");
    }
    if (ended()) {
      violations.add(what + " after the end");
    }
  }
}
