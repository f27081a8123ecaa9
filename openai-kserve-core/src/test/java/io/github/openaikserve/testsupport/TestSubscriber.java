package io.github.openaikserve.testsupport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber that records its signals, and requests and cancels as a test says. Thread-safe.
 *
 * <p>It requests nothing unless it was created with a demand. Methods that await something fail
 * with an {@link AssertionError} after 20 seconds.
 */
public class TestSubscriber<T> implements Flow.Subscriber<T> {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final long demand;

  // Guarded by this.
  private final List<T> items = new ArrayList<>();
  private Flow.@Nullable Subscription subscription;
  private @Nullable Throwable failure;
  private boolean completed;
  private boolean cancelled;
  private long demandPerItem;
  private int cancelOnItem;
  private int throwOnItem;
  private Runnable onEnd = () -> {};

  /** Creates a subscriber that requests nothing on its own. */
  public TestSubscriber() {
    this(0);
  }

  /** Creates a subscriber that requests {@code demand} items when it is subscribed. */
  public TestSubscriber(long demand) {
    this.demand = demand;
  }

  /** Requests {@code n} further items after each item. */
  public synchronized TestSubscriber<T> requestPerItem(long n) {
    demandPerItem = n;
    return this;
  }

  /** Cancels while it receives the item of this number, counted from 1. */
  public synchronized TestSubscriber<T> cancelOnItem(int number) {
    cancelOnItem = number;
    return this;
  }

  /** Throws an {@link IllegalStateException} on the item of this number, counted from 1. */
  public synchronized TestSubscriber<T> throwOnItem(int number) {
    throwOnItem = number;
    return this;
  }

  /** Runs a task on the thread of the completion or failure, after it was recorded. */
  public synchronized TestSubscriber<T> onEnd(Runnable task) {
    onEnd = task;
    return this;
  }

  /** Awaits the subscription and requests items. */
  public void request(long n) {
    subscription().request(n);
  }

  /** Awaits the subscription and cancels it. */
  public void cancel() {
    subscription().cancel();
    synchronized (this) {
      cancelled = true;
      notifyAll();
    }
  }

  /** Awaits the subscription and returns it. */
  public Flow.Subscription subscription() {
    await("subscription", () -> subscription != null);
    synchronized (this) {
      return Objects.requireNonNull(subscription);
    }
  }

  /** Awaits {@code count} items and returns all that were received. */
  public List<T> awaitItems(int count) {
    await(count + " items", () -> items.size() >= count);
    return items();
  }

  /** Awaits the completion, the failure, or the cancellation by this subscriber. */
  public TestSubscriber<T> awaitEnd() {
    await("end", () -> !isOpen());
    return this;
  }

  /** Awaits the end, which must be a failure, and returns it. */
  public Throwable awaitFailure() {
    awaitEnd();
    Throwable end = failure();
    if (end == null) {
      throw new AssertionError("completed instead of failing, after " + items());
    }
    return end;
  }

  /** Awaits the end, which must be a completion, and returns the items. */
  public List<T> awaitCompletion() {
    awaitEnd();
    Throwable end = failure();
    if (end != null) {
      throw new AssertionError("failed instead of completing, after " + items(), end);
    }
    return items();
  }

  /** Returns the items that were received. */
  public synchronized List<T> items() {
    return List.copyOf(items);
  }

  /** Returns the failure; null if the stream has not failed. */
  public synchronized @Nullable Throwable failure() {
    return failure;
  }

  public synchronized boolean isCompleted() {
    return completed;
  }

  public synchronized boolean hasEnded() {
    return completed || failure != null;
  }

  /** Returns whether the stream has neither ended nor been cancelled. */
  public synchronized boolean isOpen() {
    return !hasEnded() && !cancelled;
  }

  /** Returns whether neither an item nor an end was received. */
  public synchronized boolean isSilent() {
    return items.isEmpty() && !hasEnded();
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    synchronized (this) {
      this.subscription = subscription;
      notifyAll();
    }
    if (demand > 0) {
      subscription.request(demand);
    }
  }

  @Override
  public void onNext(T item) {
    boolean throwing;
    boolean cancelling;
    long next;
    synchronized (this) {
      items.add(item);
      throwing = items.size() == throwOnItem;
      cancelling = items.size() == cancelOnItem;
      next = demandPerItem;
      notifyAll();
    }
    if (throwing) {
      throw new IllegalStateException("thrown on item " + item);
    }
    if (cancelling) {
      cancel();
    } else if (next > 0) {
      request(next);
    }
  }

  @Override
  public void onError(Throwable failure) {
    end(failure);
  }

  @Override
  public void onComplete() {
    end(null);
  }

  private void end(@Nullable Throwable failure) {
    Runnable task;
    synchronized (this) {
      this.failure = failure;
      completed = failure == null;
      task = onEnd;
      notifyAll();
    }
    task.run();
  }

  private synchronized void await(String what, BooleanSupplier reached) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!reached.getAsBoolean()) {
      long millis = (deadline - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        throw new AssertionError(
            "no %s within %s; items: %s, failure: %s".formatted(what, LIMIT, items, failure));
      }
      try {
        wait(millis);
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted while awaiting " + what, e);
      }
    }
  }
}
