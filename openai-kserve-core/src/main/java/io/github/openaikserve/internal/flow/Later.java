package io.github.openaikserve.internal.flow;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A publisher that comes later. Takes one subscriber, who may ask and cancel before it is there.
 *
 * @param <T> what is published
 */
public final class Later<T> implements Flow.Publisher<T> {
  private final Supplier<? extends CompletableFuture<? extends Flow.Publisher<T>>> publisher;
  private final AtomicBoolean subscribed = new AtomicBoolean();

  /** A publisher that is asked for when this one is subscribed to. */
  public Later(Supplier<? extends CompletableFuture<? extends Flow.Publisher<T>>> publisher) {
    this.publisher = publisher;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    if (!subscribed.compareAndSet(false, true)) {
      Publishers.<T>failed(new IllegalStateException("there is a subscriber already"))
          .subscribe(subscriber);
      return;
    }
    var relay = new Relay<T>(subscriber);
    subscriber.onSubscribe(relay);
    if (!relay.isCancelled()) {
      found().whenComplete((there, failure) -> subscribe(relay, there, failure));
    }
  }

  private CompletableFuture<? extends Flow.Publisher<T>> found() {
    try {
      return publisher.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static <T> void subscribe(
      Relay<T> relay, Flow.@Nullable Publisher<T> there, @Nullable Throwable failure) {
    if (there != null) {
      there.subscribe(relay);
    } else if (!relay.isCancelled()) {
      Publishers.<T>failed(cause(failure)).subscribe(relay);
    }
  }

  private static Throwable cause(@Nullable Throwable failure) {
    if (failure == null) {
      return new NullPointerException("there is no publisher");
    }
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /** Passes signals on; what was asked for is remembered until it is known who is asked. */
  private static final class Relay<T> implements Flow.Subscriber<T>, Flow.Subscription {
    private final Flow.Subscriber<? super T> subscriber;

    // Guarded by this.
    private Flow.@Nullable Subscription upstream;
    private long demanded;
    private boolean cancelled;

    Relay(Flow.Subscriber<? super T> subscriber) {
      this.subscriber = subscriber;
    }

    synchronized boolean isCancelled() {
      return cancelled;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      boolean unwanted;
      long missed;
      synchronized (this) {
        unwanted = cancelled || upstream != null;
        upstream = upstream == null ? subscription : upstream;
        missed = demanded;
      }
      if (unwanted) {
        subscription.cancel();
      } else if (missed != 0) {
        subscription.request(missed);
      }
    }

    @Override
    public void onNext(T item) {
      subscriber.onNext(item);
    }

    @Override
    public void onError(Throwable failure) {
      subscriber.onError(failure);
    }

    @Override
    public void onComplete() {
      subscriber.onComplete();
    }

    @Override
    public void request(long n) {
      Flow.Subscription target;
      synchronized (this) {
        target = upstream;
        if (target == null) {
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
        target = upstream;
      }
      if (target != null) {
        target.cancel();
      }
    }
  }
}
