package io.github.openaikserve.internal.flow;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The downstream end of a processor: its only subscriber, and the items that wait for the
 * subscriber's demand. Runs the processor's loop after each signal of the subscriber.
 *
 * @param <O> an item
 */
final class Emitter<O> implements Flow.Subscription {
  private final DrainLoop loop;
  private final AtomicBoolean subscribed = new AtomicBoolean();
  private final AtomicLong demand = new AtomicLong();
  private final AtomicLong emissions = new AtomicLong();
  private volatile Flow.@Nullable Subscriber<? super O> subscriber;
  private volatile boolean closed;
  private volatile boolean cancelled;
  private volatile @Nullable Throwable illegalDemand;

  // Accessed only inside the loop.
  private final ArrayDeque<O> waiting = new ArrayDeque<>();

  Emitter(DrainLoop loop) {
    this.loop = loop;
  }

  /** Returns whether the subscriber is accepted. Only the first one is, unless this is closed. */
  boolean subscribe(Flow.Subscriber<? super O> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    if (!subscribed.compareAndSet(false, true)) {
      Publishers.<O>error(new IllegalStateException("the stream already has a subscriber"))
          .subscribe(subscriber);
      return false;
    }
    try {
      subscriber.onSubscribe(this);
    } catch (Throwable e) {
      close();
      throw e;
    }
    if (closed && !cancelled) {
      subscriber.onError(new CancellationException("the stream was closed before it was read"));
      return false;
    }
    this.subscriber = subscriber;
    return true;
  }

  @Override
  public void request(long n) {
    if (n <= 0) {
      illegalDemand = new IllegalArgumentException("demand must be positive, was " + n);
    } else {
      DrainLoop.addDemand(demand, n);
    }
    loop.run();
  }

  @Override
  public void cancel() {
    cancelled = true;
    close();
  }

  /** Drops all items. The subscriber receives no more signals. */
  void close() {
    closed = true;
    loop.run();
  }

  boolean isSubscribed() {
    return subscribed.get() || closed;
  }

  /** Returns the number of emitted items that is visible to the calling thread. */
  long emissions() {
    return emissions.get();
  }

  /** Adds an item. */
  void add(O item) {
    waiting.add(item);
  }

  /** Returns whether no item waits. */
  boolean isEmpty() {
    return waiting.isEmpty();
  }

  boolean isClosed() {
    return closed;
  }

  /** Returns whether the subscriber waits for items. */
  boolean isAwaited() {
    return subscriber != null && demand.get() != 0;
  }

  /** Fails the stream if the subscriber's demand was illegal. Returns whether this is closed. */
  boolean checkClosed() {
    Throwable illegal = illegalDemand;
    Flow.Subscriber<? super O> current = subscriber;
    if (illegal != null && current != null && !closed) {
      closed = true;
      current.onError(illegal);
    }
    if (closed) {
      subscriber = null;
      waiting.clear();
    }
    return closed;
  }

  /** Emits the items that the subscriber has requested. */
  void emit() {
    Flow.Subscriber<? super O> current = subscriber;
    if (current == null) {
      return;
    }
    long emitted = 0;
    long wanted = demand.get();
    while (emitted < wanted && !closed) {
      O item = waiting.poll();
      if (item == null) {
        break;
      }
      emitted++;
      emit(item, current);
    }
    if (emitted > 0) {
      emissions.setRelease(emissions.getPlain() + emitted);
      if (wanted != Long.MAX_VALUE) {
        demand.addAndGet(-emitted);
      }
    }
  }

  /**
   * Emits one item. A subscriber that throws has violated its contract and receives no more
   * signals.
   */
  private void emit(O item, Flow.Subscriber<? super O> current) {
    try {
      current.onNext(item);
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  /** Ends the stream after its last item, if there is a subscriber. */
  void end(@Nullable Throwable failure) {
    Flow.Subscriber<? super O> current = subscriber;
    if (current == null || !waiting.isEmpty() || closed) {
      return;
    }
    closed = true;
    subscriber = null;
    if (failure == null) {
      current.onComplete();
    } else {
      current.onError(failure);
    }
  }
}
