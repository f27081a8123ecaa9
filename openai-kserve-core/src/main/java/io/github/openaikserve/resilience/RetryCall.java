package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.CauseAwareSubscription;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.flow.Futures;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.kserve.InferResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call and its attempts. It is publisher, subscriber and subscription in one object, because it
 * is used once. Thread-safe.
 *
 * <p>A new attempt starts only before the first response, so the attempt that answers receives the
 * whole demand.
 */
final class RetryCall
    implements Flow.Publisher<InferResponse>,
        Flow.Subscriber<InferResponse>,
        CauseAwareSubscription {
  private final Retries retries;
  private final InferCall call;
  private final Attempts attempts = new Attempts();
  private final AtomicBoolean subscribed = new AtomicBoolean();
  private final Timer timer;

  /** Null after the end was signalled. */
  private volatile Flow.@Nullable Subscriber<? super InferResponse> subscriber;

  /** Null before the subscription. */
  private @Nullable CallClock clock;

  // Accessed by one attempt at a time.
  private int attemptCount;
  private boolean answered;

  // Guarded by this.
  private Flow.@Nullable Subscription upstream;
  private boolean backingOff;
  private long demand;

  RetryCall(Retries retries, InferCall call) {
    this.retries = retries;
    this.call = call;
    this.timer = new Timer(retries.scheduler());
  }

  @Override
  public void subscribe(Flow.Subscriber<? super InferResponse> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    if (!subscribed.compareAndSet(false, true)) {
      Publishers.<InferResponse>error(
              new IllegalStateException("the call already has a subscriber"))
          .subscribe(subscriber);
      return;
    }
    this.subscriber = subscriber;
    clock = new CallClock(call, retries.scheduler());
    subscriber.onSubscribe(this);
    attempt();
  }

  private void attempt() {
    if (isOver()) {
      return;
    }
    attemptCount++;
    choose();
  }

  private void choose() {
    Duration left = clock().left();
    if (failsOutOfTime(left)) {
      return;
    }
    CompletableFuture<RetryTarget.Attempt> next;
    try {
      next = retries.target().next(call, left, attempts);
    } catch (RuntimeException | Error e) {
      next = CompletableFuture.failedFuture(e);
    }
    next.whenComplete(this::begin);
  }

  private void begin(RetryTarget.@Nullable Attempt attempt, @Nullable Throwable failure) {
    if (isOver()) {
      return;
    }
    if (attempt == null) {
      onError(Futures.cause(Objects.requireNonNull(failure)));
      return;
    }
    Duration left = clock().left();
    if (failsOutOfTime(left)) {
      return;
    }
    try {
      Flow.Publisher<InferResponse> publisher = attempt.make(clock().callWith(left));
      if (publisher == null) {
        choose();
      } else {
        publisher.subscribe(this);
      }
    } catch (RuntimeException | Error e) {
      onError(e);
    }
  }

  /** Fails the call if its timeout has passed. Returns whether it did. */
  private boolean failsOutOfTime(@Nullable Duration left) {
    boolean over = left != null && left.compareTo(Duration.ZERO) <= 0;
    if (over) {
      fail(Retries.outOfTime());
    }
    return over;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    long missed;
    boolean unwanted;
    synchronized (this) {
      upstream = subscription;
      unwanted = subscriber == null;
      missed = demand;
    }
    if (unwanted) {
      subscription.cancel();
    } else if (missed > 0) {
      subscription.request(missed);
    }
  }

  @Override
  public void onNext(InferResponse response) {
    answered = true;
    Flow.Subscriber<? super InferResponse> current = subscriber;
    if (current != null) {
      current.onNext(response);
    }
  }

  @Override
  public void onError(Throwable failure) {
    if (isOver()) {
      return;
    }
    if (!answered) {
      Optional<Duration> delay =
          retries.delay(call, failure, attemptCount, clock().left(), attempts);
      if (delay.isPresent()) {
        retry(delay.get());
        return;
      }
    }
    fail(answered ? failure : Retries.conclusive(failure));
  }

  private void retry(Duration delay) {
    synchronized (this) {
      upstream = null;
      backingOff = !delay.isZero();
    }
    retries.target().retried(attempts);
    if (delay.isZero()) {
      attempt();
      return;
    }
    retries.addWaiting(this);
    if (isOver()) {
      endBackoff();
      return;
    }
    try {
      timer.set(delay, this::onBackoffEnd);
    } catch (RuntimeException | Error e) {
      if (endBackoff()) {
        fail(e);
      }
    }
    if (isOver()) {
      timer.stop();
    }
  }

  private void onBackoffEnd() {
    if (endBackoff()) {
      attempt();
    }
  }

  /** Ends the wait for the next attempt. Returns false if the call was not waiting. */
  private boolean endBackoff() {
    synchronized (this) {
      if (!backingOff) {
        return false;
      }
      backingOff = false;
    }
    retries.removeWaiting(this);
    timer.stop();
    return true;
  }

  /** Fails the call if it waits for its next attempt. */
  void onClose() {
    if (endBackoff()) {
      fail(Retries.closedBackend());
    }
  }

  @Override
  public void onComplete() {
    Flow.Subscriber<? super InferResponse> last = end();
    if (last != null) {
      retries.onSuccess();
      last.onComplete();
    }
  }

  private void fail(Throwable failure) {
    Flow.Subscriber<? super InferResponse> last = end();
    if (last != null) {
      last.onError(failure);
    }
  }

  @Override
  public void request(long n) {
    Flow.Subscription current;
    synchronized (this) {
      if (subscriber == null) {
        return;
      }
      if (n > 0) {
        demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
      }
      current = upstream;
    }
    if (current != null) {
      current.request(n); // the upstream reports illegal demand, in order with its other signals
    } else if (n <= 0) {
      endBackoff();
      fail(new IllegalArgumentException("demand must be positive, was " + n));
    }
  }

  @Override
  public void cancel() {
    leave(Flow.Subscription::cancel);
  }

  @Override
  public void cancel(OpenAiException reason) {
    if (subscriber == null) {
      Flow.Subscription current;
      synchronized (this) {
        current = upstream;
      }
      if (current != null) {
        CauseAwareSubscription.cancel(
            current, reason); // the endpoint must still record the failure
      }
      return;
    }
    leave(subscription -> CauseAwareSubscription.cancel(subscription, reason));
  }

  private void leave(Consumer<Flow.Subscription> how) {
    Flow.Subscription current;
    synchronized (this) {
      if (subscriber == null) {
        return;
      }
      subscriber = null;
      current = upstream;
    }
    endBackoff();
    if (current != null) {
      how.accept(current);
    }
  }

  private CallClock clock() {
    return Objects.requireNonNull(clock);
  }

  private boolean isOver() {
    return subscriber == null;
  }

  /**
   * Takes and returns the subscriber, so that it receives no other signal; null if it was already
   * taken.
   */
  private synchronized Flow.@Nullable Subscriber<? super InferResponse> end() {
    Flow.Subscriber<? super InferResponse> last = subscriber;
    subscriber = null;
    return last;
  }
}
