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
    subscriber.onSubscribe(relay.subscription);
    if (!relay.subscription.isCancelled()) {
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
    } else if (!relay.subscription.isCancelled()) {
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

  /** Passes signals on. */
  private static final class Relay<T> implements Flow.Subscriber<T> {
    private final Flow.Subscriber<? super T> subscriber;
    private final Awaited subscription = new Awaited();

    Relay(Flow.Subscriber<? super T> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void onSubscribe(Flow.Subscription upstream) {
      if (subscription.isThere()) {
        upstream.cancel();
      } else {
        subscription.is(upstream);
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
  }
}
