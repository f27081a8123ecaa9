package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.internal.concurrent.Futures;
import io.github.openaikserve.internal.resilience.DecoratedCall;
import io.github.openaikserve.internal.resilience.Timer;
import io.github.openaikserve.kserve.InferResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call and its attempts. Thread-safe.
 *
 * <p>A new attempt starts only before the first response, so the attempt that answers receives the
 * whole demand.
 */
final class RetryCall extends DecoratedCall {
  private final Retries retries;
  private final Retries.Attempts attempts = new Retries.Attempts();
  private final Timer timer;

  // Accessed by one attempt at a time.
  private int attemptCount;
  private boolean answered;

  // Guarded by this.
  private boolean backingOff;

  RetryCall(Retries retries, InferCall call) {
    super(call, retries.scheduler());
    this.retries = retries;
    this.timer = new Timer(retries.scheduler());
  }

  @Override
  protected void begin() {
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
    Duration left = timeLeft();
    if (failsOutOfTime(left)) {
      return;
    }
    CompletableFuture<Retries.Target.Attempt> next;
    try {
      next = retries.target().next(call, left, attempts);
    } catch (Throwable e) {
      next = CompletableFuture.failedFuture(e);
    }
    next.whenComplete(this::begin);
  }

  private void begin(Retries.Target.@Nullable Attempt attempt, @Nullable Throwable failure) {
    if (isOver()) {
      return;
    }
    if (attempt == null) {
      onError(Futures.cause(Objects.requireNonNull(failure)));
      return;
    }
    Duration left = timeLeft();
    if (failsOutOfTime(left)) {
      return;
    }
    try {
      Flow.Publisher<InferResponse> publisher = attempt.make(callWith(left));
      if (publisher == null) {
        choose();
      } else {
        publisher.subscribe(this);
      }
    } catch (Throwable e) {
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
      unwanted = isOver();
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
    super.onNext(response);
  }

  @Override
  public void onError(Throwable failure) {
    if (isOver()) {
      return;
    }
    if (!answered) {
      Optional<Duration> delay = retries.delay(call, failure, attemptCount, timeLeft(), attempts);
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
    } catch (Throwable e) {
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
    Flow.Subscriber<? super InferResponse> last = takeSubscriber();
    if (last != null) {
      retries.onSuccess();
      last.onComplete();
    }
  }

  @Override
  protected Flow.@Nullable Subscription ended() {
    return upstream;
  }

  @Override
  protected void leave(Consumer<Flow.Subscription> how) {
    Flow.Subscription current;
    synchronized (this) {
      current = upstream;
    }
    endBackoff();
    if (current != null) {
      how.accept(current);
    }
  }
}
