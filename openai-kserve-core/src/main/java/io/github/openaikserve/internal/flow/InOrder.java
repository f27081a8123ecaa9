package io.github.openaikserve.internal.flow;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The only value of each of many publishers, in the order of the publishers, of which a bounded
 * number is subscribed to at the same time. The first failure of any, whatever its place, cancels
 * the others and is the failure of the whole.
 *
 * @param <T> what is published
 */
public final class InOrder<T> implements Flow.Publisher<T> {
  private final List<Flow.Publisher<T>> sources;
  private final int atOnce;
  private final Supplier<? extends Throwable> whenEmpty;

  /**
   * A publisher over publishers of one value each.
   *
   * @param atOnce how many may be running, or done and not yet passed on; at least 1
   * @param whenEmpty the failure of one that completes without a value
   */
  public InOrder(
      List<Flow.Publisher<T>> sources, int atOnce, Supplier<? extends Throwable> whenEmpty) {
    this.sources = List.copyOf(sources);
    this.atOnce = atOnce;
    this.whenEmpty = whenEmpty;
    if (atOnce < 1) {
      throw new IllegalArgumentException("at least one source must run, was " + atOnce);
    }
  }

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    var run = new Run(subscriber);
    subscriber.onSubscribe(run);
    run.drain();
  }

  private final class Run implements Flow.Subscription {
    private final Flow.Subscriber<? super T> subscriber;
    private final AtomicReferenceArray<@Nullable T> values =
        new AtomicReferenceArray<>(sources.size());
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicLong demand = new AtomicLong();
    private final Drain drain = new Drain(this::step);
    private volatile boolean cancelled;

    // Touched only inside the drain loop.
    private final CompletableFuture<?>[] running = new CompletableFuture<?>[sources.size()];
    private int started;
    private int emitted;
    private boolean ended;

    Run(Flow.Subscriber<? super T> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
      if (n <= 0) {
        failure.compareAndSet(null, new IllegalArgumentException("demand must be positive"));
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

    void drain() {
      drain.run();
    }

    private void step() {
      while (!ended) {
        Throwable failed = failure.get();
        if (cancelled || failed != null) {
          end(failed);
        } else if (emitted == sources.size()) {
          ended = true;
          subscriber.onComplete();
        } else if (!emit() && !start()) {
          return;
        }
      }
    }

    private void end(@Nullable Throwable failed) {
      ended = true;
      for (int i = emitted; i < started; i++) {
        running[i].cancel(false);
      }
      if (!cancelled && failed != null) {
        subscriber.onError(failed);
      }
    }

    private boolean emit() {
      T value = values.get(emitted);
      if (value == null || demand.get() == 0) {
        return false;
      }
      if (demand.get() != Long.MAX_VALUE) {
        demand.decrementAndGet();
      }
      values.set(emitted++, null);
      subscriber.onNext(value);
      return true;
    }

    private boolean start() {
      if (started == sources.size() || started - emitted == atOnce) {
        return false;
      }
      int index = started++;
      CompletableFuture<T> only = new CompletableFuture<>();
      try {
        only = Publishers.only(sources.get(index));
      } catch (RuntimeException e) {
        only.completeExceptionally(e);
      }
      running[index] = only;
      only.whenComplete(
          (value, failed) -> {
            if (failed == null) {
              values.set(index, value);
            } else {
              failure.compareAndSet(
                  null, failed instanceof NoSuchElementException ? whenEmpty.get() : failed);
            }
            drain();
          });
      return true;
    }
  }
}
