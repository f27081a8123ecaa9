package io.github.openaikserve.internal.flow;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Small publishers, and the way to wait for the only value of one. */
public final class Publishers {
  private Publishers() {}

  /** A publisher of the values in order, for any number of subscribers. */
  public static <T> Flow.Publisher<T> of(List<T> values) {
    List<T> copy = List.copyOf(values);
    return subscriber -> new ListSubscription<>(subscriber, copy).start();
  }

  /** A publisher that does nothing but fail. */
  public static <T> Flow.Publisher<T> failed(Throwable failure) {
    return subscriber -> {
      Objects.requireNonNull(subscriber, "subscriber");
      subscriber.onSubscribe(Ignoring.SUBSCRIPTION);
      subscriber.onError(failure);
    };
  }

  /** A publisher that is made when it is subscribed to; a supplier that throws makes it fail. */
  public static <T> Flow.Publisher<T> defer(Supplier<? extends Flow.Publisher<T>> supplier) {
    return subscriber -> {
      Objects.requireNonNull(subscriber, "subscriber");
      Flow.Publisher<T> publisher;
      try {
        publisher = Objects.requireNonNull(supplier.get(), "the supplier gave no publisher");
      } catch (RuntimeException e) {
        publisher = failed(e);
      }
      publisher.subscribe(subscriber);
    };
  }

  /**
   * Subscribes and waits for the only value. Cancelling the future cancels the subscription; a
   * publisher without a value makes it fail with {@link NoSuchElementException}.
   */
  public static <T> CompletableFuture<T> only(Flow.Publisher<? extends T> publisher) {
    var subscriber = new Only<T>();
    publisher.subscribe(subscriber);
    return subscriber.future;
  }

  /** The sum of two demands, at most {@link Long#MAX_VALUE}. */
  public static long addDemand(AtomicLong demand, long n) {
    return demand.accumulateAndGet(n, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
  }

  private enum Ignoring implements Flow.Subscription {
    SUBSCRIPTION;

    @Override
    public void request(long n) {}

    @Override
    public void cancel() {}
  }

  private static final class Only<T> implements Flow.Subscriber<T> {
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
      future.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      if (value == null) {
        future.completeExceptionally(new NoSuchElementException("there was no value"));
      } else {
        future.complete(value);
      }
    }
  }

  private static final class ListSubscription<T> implements Flow.Subscription {
    private final Flow.Subscriber<? super T> subscriber;
    private final List<T> values;
    private final AtomicLong demand = new AtomicLong();
    private final Drain drain = new Drain(this::emit);
    private volatile boolean illegalDemand;
    private volatile boolean ended;
    private int next;

    ListSubscription(Flow.Subscriber<? super T> subscriber, List<T> values) {
      this.subscriber = Objects.requireNonNull(subscriber, "subscriber");
      this.values = values;
    }

    void start() {
      subscriber.onSubscribe(this);
      drain();
    }

    @Override
    public void request(long n) {
      if (n <= 0) {
        illegalDemand = true;
      } else {
        addDemand(demand, n);
      }
      drain();
    }

    @Override
    public void cancel() {
      ended = true;
    }

    private void drain() {
      drain.run();
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
