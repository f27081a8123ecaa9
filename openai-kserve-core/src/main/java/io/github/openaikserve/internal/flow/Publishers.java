package io.github.openaikserve.internal.flow;

import io.github.openaikserve.internal.concurrent.Futures;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Factory methods for publishers and operators, named as in Reactor. */
public final class Publishers {
  private Publishers() {}

  /** Returns a publisher of the values in order, for any number of subscribers. */
  public static <T> Flow.Publisher<T> fromIterable(List<T> values) {
    List<T> copy = List.copyOf(values);
    return subscriber -> new ListSubscription<>(subscriber, copy).start();
  }

  /** Returns a publisher that fails. */
  public static <T> Flow.Publisher<T> error(Throwable failure) {
    return subscriber -> {
      Objects.requireNonNull(subscriber, "subscriber");
      subscriber.onSubscribe(NoSubscription.INSTANCE);
      subscriber.onError(failure);
    };
  }

  /**
   * Returns a publisher for one subscriber, which may request and cancel before the future has
   * completed. The supplier is called on subscription. Cancelling the subscription cancels the
   * future.
   */
  public static <T> Flow.Publisher<T> fromFuture(
      Supplier<? extends CompletableFuture<? extends Flow.Publisher<T>>> future) {
    var subscribed = new AtomicBoolean();
    return subscriber -> {
      Objects.requireNonNull(subscriber, "subscriber");
      if (subscribed.compareAndSet(false, true)) {
        new Relay<T>(subscriber).follow(future);
      } else {
        Publishers.<T>error(new IllegalStateException("the publisher already has a subscriber"))
            .subscribe(subscriber);
      }
    };
  }

  /**
   * Subscribes and returns a future of the only item. Cancelling the future cancels the
   * subscription. If the publisher has no item, the future fails with {@link
   * NoSuchElementException}.
   */
  public static <T> CompletableFuture<T> toFuture(Flow.Publisher<? extends T> publisher) {
    var subscriber = new SingleSubscriber<T>();
    publisher.subscribe(subscriber);
    return subscriber.future;
  }

  private enum NoSubscription implements Flow.Subscription {
    INSTANCE;

    @Override
    public void request(long n) {}

    @Override
    public void cancel() {}
  }

  /** A relay of the signals of a publisher that a future supplies. */
  private static final class Relay<T> implements Flow.Subscriber<T> {
    private final Flow.Subscriber<? super T> subscriber;
    private final SubscriptionArbiter arbiter = new SubscriptionArbiter();
    private boolean ended;

    Relay(Flow.Subscriber<? super T> subscriber) {
      this.subscriber = subscriber;
    }

    void follow(Supplier<? extends CompletableFuture<? extends Flow.Publisher<T>>> supplier) {
      CompletableFuture<? extends Flow.Publisher<T>> future;
      try {
        future = supplier.get();
      } catch (Throwable e) {
        future = CompletableFuture.failedFuture(e);
      }
      CompletableFuture<? extends Flow.Publisher<T>> pending = future;
      arbiter.onCancel(() -> pending.cancel(false));
      subscriber.onSubscribe(arbiter);
      pending.whenComplete(
          (publisher, failure) -> {
            if (publisher != null) {
              subscribe(publisher);
            } else if (!arbiter.isCancelled()) {
              onError(
                  failure == null
                      ? new NullPointerException("no publisher was supplied")
                      : Futures.cause(failure));
            }
          });
    }

    /** Subscribes to a publisher. What it throws becomes the end of the stream. */
    private void subscribe(Flow.Publisher<? extends T> publisher) {
      try {
        publisher.subscribe(this);
      } catch (Throwable e) {
        onError(e);
      }
    }

    @Override
    public void onSubscribe(Flow.Subscription upstream) {
      if (arbiter.isSet()) {
        upstream.cancel();
      } else {
        arbiter.set(upstream);
      }
    }

    @Override
    public void onNext(T item) {
      subscriber.onNext(item);
    }

    @Override
    public void onError(Throwable failure) {
      if (!ended) {
        ended = true;
        subscriber.onError(failure);
      }
    }

    @Override
    public void onComplete() {
      if (!ended) {
        ended = true;
        subscriber.onComplete();
      }
    }
  }

  private static final class SingleSubscriber<T> implements Flow.Subscriber<T> {
    private final CompletableFuture<T> future = new CompletableFuture<>();
    private @Nullable T value;

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      future.whenComplete(
          (result, failure) -> {
            if (failure != null) {
              subscription.cancel();
            }
          });
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(T item) {
      value = item;
    }

    @Override
    public void onError(Throwable failure) {
      Futures.complete(() -> future.completeExceptionally(failure));
    }

    @Override
    public void onComplete() {
      T item = value;
      if (item == null) {
        onError(new NoSuchElementException("the publisher completed without an item"));
      } else {
        Futures.complete(() -> future.complete(item));
      }
    }
  }

  private static final class ListSubscription<T> implements Flow.Subscription {
    private final Flow.Subscriber<? super T> subscriber;
    private final List<T> values;
    private final AtomicLong demand = new AtomicLong();
    private final DrainLoop loop = new DrainLoop(this::emit);
    private volatile boolean illegalDemand;
    private volatile boolean ended;
    private int next;

    ListSubscription(Flow.Subscriber<? super T> subscriber, List<T> values) {
      this.subscriber = Objects.requireNonNull(subscriber, "subscriber");
      this.values = values;
    }

    void start() {
      subscriber.onSubscribe(this);
      loop.run();
    }

    @Override
    public void request(long n) {
      if (n <= 0) {
        illegalDemand = true;
      } else {
        DrainLoop.addDemand(demand, n);
      }
      loop.run();
    }

    @Override
    public void cancel() {
      ended = true;
    }

    private void emit() {
      while (!ended) {
        if (illegalDemand) {
          ended = true;
          subscriber.onError(new IllegalArgumentException("demand must be positive"));
        } else if (next == values.size()) {
          ended = true;
          subscriber.onComplete();
        } else if (demand.get() > 0) {
          demand.decrementAndGet();
          subscriber.onNext(values.get(next++));
        } else {
          return;
        }
      }
    }
  }
}
