package io.github.openaikserve.internal.resilience;

import io.github.openaikserve.backend.CauseAwareSubscription;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of a backend that wraps another backend. It is publisher, subscriber and subscription in
 * one object, because it is used once. The caller receives at most one end. Thread-safe.
 */
public abstract class DecoratedCall
    implements Flow.Publisher<InferResponse>,
        Flow.Subscriber<InferResponse>,
        CauseAwareSubscription {
  /** The largest difference of time for which the call is not copied. */
  private static final Duration A_MOMENT = Duration.ofMillis(1);

  /** The call of the caller. */
  protected final InferCall call;

  private final Scheduler scheduler;
  private final AtomicBoolean subscribed = new AtomicBoolean();

  /** Null after the end was signalled. */
  private volatile Flow.@Nullable Subscriber<? super InferResponse> subscriber;

  /** Written before the first signal. */
  private long startedAt;

  /** The subscription of the call that was sent; null for none. Guarded by this. */
  protected Flow.@Nullable Subscription upstream;

  /** The total demand of the caller. Guarded by this. */
  protected long demand;

  protected DecoratedCall(InferCall call, Scheduler scheduler) {
    this.call = call;
    this.scheduler = scheduler;
  }

  @Override
  public final void subscribe(Flow.Subscriber<? super InferResponse> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    if (!subscribed.compareAndSet(false, true)) {
      Publishers.<InferResponse>error(
              new IllegalStateException("the call already has a subscriber"))
          .subscribe(subscriber);
      return;
    }
    this.subscriber = subscriber;
    startedAt = scheduler.nanoTime();
    subscriber.onSubscribe(this);
    if (!isOver()) {
      begin();
    }
  }

  /** Begins the call. Its subscriber has received its subscription. */
  protected abstract void begin();

  /**
   * Ends what is still running, after the caller has left.
   *
   * @param how cancels a subscription
   */
  protected abstract void leave(Consumer<Flow.Subscription> how);

  /**
   * Returns the subscription of a call that has ended by itself, whose endpoint must record that
   * its answer was rejected; null for none. Called under the lock of this.
   */
  protected abstract Flow.@Nullable Subscription ended();

  /**
   * Returns the remaining time of the call's timeout since the subscription, which may be negative;
   * null for no limit.
   */
  protected final @Nullable Duration timeLeft() {
    Duration timeout = call.timeout();
    return timeout == null ? null : timeout.minusNanos(scheduler.nanoTime() - startedAt);
  }

  /**
   * Returns the call with the remaining timeout.
   *
   * @param left the remaining time, positive; null for no limit
   */
  protected final InferCall callWith(@Nullable Duration left) {
    Duration timeout = call.timeout();
    boolean same = timeout == null || left == null || timeout.minus(left).compareTo(A_MOMENT) < 0;
    return same ? call : call.withTimeout(left);
  }

  /** Returns whether the caller has left or received the end. */
  protected final boolean isOver() {
    return subscriber == null;
  }

  @Override
  public void onNext(InferResponse response) {
    Flow.Subscriber<? super InferResponse> current = subscriber;
    if (current != null) {
      current.onNext(response);
    }
  }

  /** Fails the call, unless it is over. */
  protected final void fail(Throwable failure) {
    Flow.Subscriber<? super InferResponse> last = takeSubscriber();
    if (last != null) {
      last.onError(failure);
    }
  }

  @Override
  public final void request(long n) {
    Flow.Subscription current;
    synchronized (this) {
      if (isOver()) {
        return;
      }
      demand = n > 0 && demand + n < 0 ? Long.MAX_VALUE : demand + Math.max(n, 0);
      current = upstream;
    }
    if (current != null) {
      current.request(n); // the upstream reports illegal demand, in order with its other signals
    } else if (n <= 0) {
      Flow.Subscriber<? super InferResponse> last = takeSubscriber();
      if (last != null) {
        leave(Flow.Subscription::cancel);
        last.onError(new IllegalArgumentException("demand must be positive, was " + n));
      }
    }
  }

  @Override
  public final void cancel() {
    if (takeSubscriber() != null) {
      leave(Flow.Subscription::cancel);
    }
  }

  @Override
  public final void cancel(OpenAiException reason) {
    if (takeSubscriber() != null) {
      leave(subscription -> CauseAwareSubscription.cancel(subscription, reason));
      return;
    }
    Flow.Subscription last;
    synchronized (this) {
      last = ended();
    }
    if (last != null) {
      CauseAwareSubscription.cancel(last, reason); // the endpoint must still record the failure
    }
  }

  /**
   * Takes and returns the subscriber, so that it receives no other signal; null if it was already
   * taken.
   */
  protected final synchronized Flow.@Nullable Subscriber<? super InferResponse> takeSubscriber() {
    Flow.Subscriber<? super InferResponse> last = subscriber;
    subscriber = null;
    return last;
  }
}
