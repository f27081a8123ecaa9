package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.OverloadedException;
import io.github.openaikserve.internal.resilience.DecoratedCall;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call that waits for a permit, holds it, and releases it once. Thread-safe. */
final class LimitedCall extends DecoratedCall {
  private static final Logger log = LoggerFactory.getLogger(LimitedCall.class);

  private final LimitedBackend backend;
  private final AtomicBoolean holdsPermit = new AtomicBoolean();
  private volatile boolean over;

  // Guarded by this.
  private Scheduler.@Nullable Cancellable timer;
  private @Nullable Consumer<Flow.Subscription> ending;

  LimitedCall(LimitedBackend backend, InferCall call) {
    super(call, backend.scheduler());
    this.backend = backend;
  }

  /** Returns the fair-queueing key; empty for none. */
  String queueKey() {
    return call.queueKey() == null ? "" : call.queueKey();
  }

  @Override
  protected void begin() {
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
    try {
      keepTimer(
          backend.scheduler().schedule(first, () -> waitedTooLong(ownFirst)), backend::isWaiting);
    } catch (Throwable e) { // thrown by an application's scheduler
      if (backend.leaveQueue(this)) {
        fail(e);
      }
      return;
    }
    if (isOver() && backend.leaveQueue(this)) {
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
    if (isOver()) {
      releasePermit();
      return;
    }
    Duration left = timeLeft();
    if (left != null && (left.isNegative() || left.isZero())) {
      end(() -> fail(outOfTime()));
      return;
    }
    try {
      backend.backend().infer(call.withTimeout(left)).subscribe(this);
    } catch (Error e) {
      end(() -> fail(e));
      throw e;
    } catch (Throwable e) {
      end(() -> fail(e));
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    Consumer<Flow.Subscription> end;
    long early;
    synchronized (this) {
      upstream = subscription;
      end = ending;
      early = demand;
    }
    if (end != null) {
      end.accept(subscription);
    } else if (early > 0) {
      subscription.request(early);
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

  @Override
  protected Flow.@Nullable Subscription ended() {
    return over && ending == null ? upstream : null;
  }

  /** Removes the call from the queue, or cancels it at the server. */
  @Override
  protected void leave(Consumer<Flow.Subscription> how) {
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
      try {
        how.accept(subscription);
      } finally {
        releasePermit();
      }
    };
  }

  /**
   * Ends the call now, or as soon as its subscription exists. Until then it keeps its permit, but
   * not longer than its time limit.
   */
  private void endBy(Consumer<Flow.Subscription> end) {
    Flow.Subscription current;
    synchronized (this) {
      ending = end;
      current = upstream;
    }
    if (current != null) {
      end.accept(current);
    } else if (holdsPermit.get()) {
      releaseInTime();
    }
  }

  /** Releases the permit at the time limit, even if the backend never sends a subscription. */
  private void releaseInTime() {
    Duration left = timeLeft();
    if (left == null) {
      return;
    }
    try {
      Duration delay = left.isNegative() ? Duration.ZERO : left;
      keepTimer(backend.scheduler().schedule(delay, this::stopWaiting), call -> holdsPermit.get());
    } catch (Throwable e) { // thrown by an application's scheduler
      stopWaiting();
    }
  }

  /** Releases the permit. A subscription that arrives later is cancelled. */
  private void stopWaiting() {
    Flow.Subscription current;
    synchronized (this) {
      current = upstream;
      if (current == null) {
        ending = leaving(Flow.Subscription::cancel);
      }
    }
    if (current == null) {
      releasePermit();
    }
  }

  /** Reads and discards the remaining responses while the permit is held. */
  private void drain(Flow.Subscription subscription) {
    Duration left = timeLeft();
    try {
      if (left != null) {
        keepTimer(backend.scheduler().schedule(left, this::stopDraining), backend::isDrained);
      }
      subscription.request(Long.MAX_VALUE);
    } catch (Throwable e) { // without a timer or demand, the end may never come
      log.warn("reading the rest of a cancelled call failed", e);
      stopDraining();
    }
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
}
