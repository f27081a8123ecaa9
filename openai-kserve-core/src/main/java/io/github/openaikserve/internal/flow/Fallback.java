package io.github.openaikserve.internal.flow;

import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A publisher that is replaced by another one if it fails before its first value.
 *
 * @param <T> what is published
 */
public final class Fallback<T> implements Flow.Publisher<T> {
  private final Flow.Publisher<T> first;
  private final Function<Throwable, Flow.@Nullable Publisher<T>> instead;

  /**
   * A publisher with a replacement.
   *
   * @param instead what to subscribe to after a failure; null to let the failure pass
   */
  public Fallback(
      Flow.Publisher<T> first, Function<Throwable, Flow.@Nullable Publisher<T>> instead) {
    this.first = first;
    this.instead = instead;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    first.subscribe(new Relay(Objects.requireNonNull(subscriber, "subscriber")));
  }

  /** Passes signals on. */
  private final class Relay implements Flow.Subscriber<T> {
    private final Flow.Subscriber<? super T> subscriber;
    private final Awaited subscription = new Awaited();
    private boolean replaced;
    private boolean answered;

    Relay(Flow.Subscriber<? super T> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void onSubscribe(Flow.Subscription upstream) {
      // Only the sum before the first value is ever asked for again, and nothing was used of it.
      subscription.is(upstream);
      if (!replaced) {
        subscriber.onSubscribe(subscription);
      }
    }

    @Override
    public void onNext(T item) {
      answered = true;
      subscriber.onNext(item);
    }

    @Override
    public void onError(Throwable failure) {
      if (!answered && !replaced) {
        replaced = true;
        Flow.Publisher<T> other = instead.apply(failure);
        if (other != null) {
          other.subscribe(this);
          return;
        }
      }
      subscriber.onError(failure);
    }

    @Override
    public void onComplete() {
      subscriber.onComplete();
    }
  }
}
