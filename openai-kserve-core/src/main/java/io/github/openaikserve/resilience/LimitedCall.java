package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.CauseAwareSubscription;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.error.OverloadedException;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One call that waits for a permit, holds it, and releases it once. It is publisher, subscriber and
 * subscription in one object, because it is used once. Thread-safe.
 */
final class LimitedCall
    implements Flow.Publisher<InferResponse>,
        Flow.Subscriber<InferResponse>,
        CauseAwareSubscription {
  private final LimitedBackend backend;
  private final InferCall call;
  private final AtomicBoolean subscribed = new AtomicBoolean();
  private final AtomicBoolean holdsPermit = new AtomicBoolean();
  private volatile boolean over;

  /** Null after the end was signalled. */
  private volatile Flow.@Nullable Subscriber<? super InferResponse> subscriber;

  // Written before the call waits or starts.
  private long began;

  // Guarded by this.
  private Flow.@Nullable Subscription upstream;
  private Scheduler.@Nullable Cancellable timer;
  private long demanded;
  private @Nullable Consumer<Flow.Subscription> ending;

  LimitedCall(LimitedBackend backend, InferCall call) {
    this.backend = backend;
    this.call = call;
  }

  /** Returns the fair-queueing key; empty for none. */
  String queueKey() {
    return call.queueKey() == null ? "" : call.queueKey();
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
    began = backend.scheduler().nanoTime();
    subscriber.onSubscribe(this);
    if (hasEnded()) {
      return;
    }
    switch (backend.admit(this)) {
      case RUN -> start();
      case WAIT -> await();
      case REFUSE ->
          fail(overloaded("The model server is busy and its queue of waiting calls is full."));
    }
  }

  private void await() {
    Duration maxWait = backend.limit().maxWait();
    Duration own = call.timeout();
    boolean ownFirst = own != null && own.compareTo(maxWait) < 0;
    Duration first = own != null && ownFirst ? own : maxWait;
    keepTimer(
        backend.scheduler().schedule(first, () -> waitedTooLong(ownFirst)), backend::isWaiting);
    if (hasEnded() && backend.leaveQueue(this)) {
      stopTimer(); // cancelled before it entered the queue
    }
  }

  private void waitedTooLong(boolean ownTimeout) {
    if (backend.leaveQueue(this)) {
      fail(
          ownTimeout
              ? outOfTime()
              : overloaded(
                  "The model server is busy: the call exceeded the maximum time in the queue."));
    }
  }

  private OverloadedException overloaded(String message) {
    return new OverloadedException(message, backend.limit().retryAfter());
  }

  private static BackendException outOfTime() {
    return new BackendException(
        BackendCode.DEADLINE_EXCEEDED,
        "The call's time limit passed while it waited for the model server, which is busy.");
  }

  /** Sends the call, which holds a permit. */
  void start() {
    holdsPermit.set(true);
    stopTimer();
    if (hasEnded()) {
      releasePermit();
      return;
    }
    Duration own = call.timeout();
    Duration left = own == null ? null : own.minusNanos(backend.scheduler().nanoTime() - began);
    if (left != null && (left.isNegative() || left.isZero())) {
      end(() -> fail(outOfTime()));
      return;
    }
    try {
      backend.backend().infer(call.withTimeout(left)).subscribe(this);
    } catch (RuntimeException e) {
      end(() -> fail(e));
    } catch (Error e) {
      end(() -> fail(e));
      throw e;
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    Consumer<Flow.Subscription> end;
    long early;
    synchronized (this) {
      upstream = subscription;
      end = ending;
      early = demanded;
    }
    if (end != null) {
      end.accept(subscription);
    } else if (early > 0) {
      subscription.request(early);
    }
  }

  @Override
  public void onNext(InferResponse response) {
    Flow.Subscriber<? super InferResponse> current = subscriber;
    if (current != null) {
      current.onNext(response);
    }
  }

  @Override
  public void onError(Throwable failure) {
    end(() -> fail(failure));
  }

  @Override
  public void onComplete() {
    end(
        () -> {
          Flow.Subscriber<? super InferResponse> last = takeSubscriber();
          if (last != null) {
            last.onComplete();
          }
        });
  }

  /** Releases the permit, signals the end, and then starts the next call. */
  private void end(Runnable signal) {
    boolean freed = holdsPermit.compareAndSet(true, false);
    if (freed) {
      over = true;
      backend.releasePermit(this);
    }
    stopTimer();
    try {
      signal.run();
    } finally {
      if (freed) {
        backend.dispatch();
      }
    }
  }

  private void releasePermit() {
    end(() -> {});
  }

  private void fail(Throwable failure) {
    Flow.Subscriber<? super InferResponse> last = takeSubscriber();
    if (last != null) {
      stopTimer();
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
      // Only demand from before the call was sent is replayed.
      demanded = n > 0 && demanded + n < 0 ? Long.MAX_VALUE : demanded + Math.max(n, 0);
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
  public void cancel() {
    if (takeSubscriber() != null) {
      leave(Flow.Subscription::cancel);
    }
  }

  @Override
  public void cancel(OpenAiException reason) {
    if (takeSubscriber() != null) {
      leave(subscription -> CauseAwareSubscription.cancel(subscription, reason));
      return;
    }
    Flow.Subscription ended;
    synchronized (this) {
      ended = over && ending == null ? upstream : null;
    }
    if (ended != null) {
      CauseAwareSubscription.cancel(ended, reason); // the endpoint must still record the failure
    }
  }

  /** Removes the call from the queue, or cancels it at the server. */
  private void leave(Consumer<Flow.Subscription> how) {
    if (backend.leaveQueue(this)) {
      stopTimer();
      return;
    }
    // A call without a permit was not sent, so there is nothing to drain.
    boolean drain =
        backend.limit().holdUntilDone() && holdsPermit.get() && backend.keepDraining(this);
    endBy(drain ? this::drain : leaving(how));
    if (drain && over) { // the server completed in the meantime
      backend.forgetDrained(this);
      stopTimer();
    }
  }

  private Consumer<Flow.Subscription> leaving(Consumer<Flow.Subscription> how) {
    return subscription -> {
      how.accept(subscription);
      releasePermit();
    };
  }

  /** Ends the call now, or as soon as its subscription exists. Until then it keeps its permit. */
  private void endBy(Consumer<Flow.Subscription> end) {
    Flow.Subscription current;
    synchronized (this) {
      ending = end;
      current = upstream;
    }
    if (current != null) {
      end.accept(current);
    }
  }

  /** Reads and discards the remaining responses while the permit is held. */
  private void drain(Flow.Subscription subscription) {
    Duration own = call.timeout();
    if (own != null) {
      Duration left = own.minusNanos(backend.scheduler().nanoTime() - began);
      keepTimer(backend.scheduler().schedule(left, this::stopDraining), backend::isDrained);
    }
    subscription.request(Long.MAX_VALUE);
  }

  /** Ends draining, even if the server has not completed the call. */
  void stopDraining() {
    endBy(leaving(Flow.Subscription::cancel));
  }

  private void keepTimer(Scheduler.Cancellable added, Predicate<LimitedCall> needed) {
    synchronized (this) {
      Scheduler.Cancellable before = timer;
      timer =
          before == null
              ? added
              : () -> List.of(before, added).forEach(Scheduler.Cancellable::cancel);
    }
    if (!needed.test(this)) {
      added.cancel(); // the call started or ended in the meantime
    }
  }

  private void stopTimer() {
    Scheduler.Cancellable last;
    synchronized (this) {
      last = timer;
      timer = null;
    }
    if (last != null) {
      last.cancel();
    }
  }

  private boolean hasEnded() {
    return subscriber == null;
  }

  /**
   * Takes and returns the subscriber, so that it receives no other signal; null if it was already
   * taken.
   */
  private synchronized Flow.@Nullable Subscriber<? super InferResponse> takeSubscriber() {
    Flow.Subscriber<? super InferResponse> last = subscriber;
    subscriber = null;
    return last;
  }
}
