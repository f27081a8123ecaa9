package io.github.openaikserve.internal.flow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The values of several publishers as they come, of so many at a time. Takes one subscriber.
 * Thread-safe.
 *
 * <p>The next publisher is subscribed to when one has completed. The first failure ends it all and
 * cancels the others. Holds at most {@value #WINDOW} values of each publisher that is going on.
 *
 * @param <T> what is published
 */
public final class Merge<T> implements Flow.Publisher<T> {
  /** How many values of each publisher are asked for ahead. */
  static final int WINDOW = 16;

  private final Queue<Flow.Publisher<T>> waiting;
  private final int atOnce;
  private final AtomicBoolean subscribed = new AtomicBoolean();

  /**
   * Publishers to merge.
   *
   * @param atOnce how many may go on at the same time, at least 1
   */
  public Merge(List<? extends Flow.Publisher<T>> publishers, int atOnce) {
    if (atOnce < 1) {
      throw new IllegalArgumentException("at least one has to go on, not " + atOnce);
    }
    this.waiting = new ArrayDeque<>(publishers);
    this.atOnce = atOnce;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    if (!subscribed.compareAndSet(false, true)) {
      Publishers.<T>failed(new IllegalStateException("there is a subscriber already"))
          .subscribe(subscriber);
      return;
    }
    var merging = new Merging(subscriber);
    subscriber.onSubscribe(merging);
    merging.started = true;
    merging.drain();
  }

  /** A value and whom to ask for another in its place. */
  private record Item<T>(T value, Merge<T>.Branch from) {}

  private final class Merging implements Flow.Subscription {
    private final Flow.Subscriber<? super T> subscriber;
    private final AtomicLong demand = new AtomicLong();
    private final Drain drain = new Drain(this::step);
    private final Queue<Item<T>> items = new ConcurrentLinkedQueue<>();
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger completed = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean started;
    private volatile boolean cancelled;
    private volatile @Nullable Throwable illegalDemand;

    // Touched only inside the drain loop.
    private final List<Branch> begun = new ArrayList<>();
    private boolean over;

    Merging(Flow.Subscriber<? super T> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
      if (n <= 0) {
        illegalDemand = new IllegalArgumentException("demand must be positive, was " + n);
      } else {
        Publishers.addDemand(demand, n);
      }
      drain();
    }

    @Override
    public void cancel() {
      cancelled = true;
      drain();
    }

    private void drain() {
      drain.run();
    }

    private void step() {
      if (over || !started) {
        return;
      }
      Throwable illegal = illegalDemand;
      if (cancelled || illegal != null) {
        end(cancelled ? null : illegal);
        return;
      }
      emit();
      Throwable failed = failure.get();
      if (failed != null) {
        stop();
        if (items.isEmpty()) {
          end(failed);
        }
        return;
      }
      beginMore();
      // Read before the items are looked at: what came before a completion is among them then.
      boolean all = completed.get() == begun.size() && waiting.isEmpty();
      if (all && items.isEmpty() && !cancelled) {
        over = true;
        subscriber.onComplete();
      }
    }

    private void emit() {
      long wanted = demand.get();
      long emitted = 0;
      while (emitted < wanted && !cancelled) {
        Item<T> item = items.poll();
        if (item == null) {
          break;
        }
        emitted++;
        held.decrementAndGet();
        subscriber.onNext(item.value());
        item.from().used();
      }
      if (emitted > 0 && wanted != Long.MAX_VALUE) {
        demand.addAndGet(-emitted);
      }
    }

    private void beginMore() {
      while (!cancelled
          && begun.size() - completed.get() < atOnce
          && held.get() < atOnce * WINDOW) {
        Flow.Publisher<T> next = waiting.poll();
        if (next == null) {
          return;
        }
        var branch = new Branch(this);
        begun.add(branch);
        next.subscribe(branch);
      }
    }

    private void stop() {
      waiting.clear();
      begun.forEach(Branch::cancel);
      begun.clear();
    }

    private void end(@Nullable Throwable failed) {
      over = true;
      stop();
      items.clear();
      if (failed != null) {
        subscriber.onError(failed);
      }
    }
  }

  /** One of the publishers that go on. */
  private final class Branch implements Flow.Subscriber<T> {
    private final Merging merging;
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean cancelled;
    private int used;

    Branch(Merging merging) {
      this.merging = merging;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      if (cancelled) {
        subscription.cancel();
      } else {
        subscription.request(WINDOW);
      }
    }

    @Override
    public void onNext(T value) {
      merging.held.incrementAndGet();
      merging.items.add(new Item<>(value, this));
      merging.drain();
    }

    @Override
    public void onError(Throwable failure) {
      merging.failure.compareAndSet(null, failure);
      merging.drain();
    }

    @Override
    public void onComplete() {
      merging.completed.incrementAndGet();
      merging.drain();
    }

    /** Called only inside the drain loop. */
    void used() {
      used++;
      Flow.Subscription current = subscription;
      if (used >= WINDOW / 2 && current != null) {
        int more = used;
        used = 0;
        current.request(more);
      }
    }

    void cancel() {
      cancelled = true;
      Flow.Subscription current = subscription;
      if (current != null) {
        current.cancel();
      }
    }
  }
}
