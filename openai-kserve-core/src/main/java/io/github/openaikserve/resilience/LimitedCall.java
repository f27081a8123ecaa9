package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.ReasonedSubscription;
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
 * One call that waits for a permit, holds it, and releases it once. Publisher, subscriber and
 * subscription in one, because it is used once. Thread-safe.
 */
final class LimitedCall
    implements Flow.Publisher<InferResponse>, Flow.Subscriber<InferResponse>, ReasonedSubscription {
  private final LimitedBackend backend;
  private final InferCall call;
  private final AtomicBoolean subscribed = new AtomicBoolean();
  private final AtomicBoolean placed = new AtomicBoolean();
  private volatile boolean over;

  /** Null after the end has been signalled. */
  private volatile Flow.@Nullable Subscriber<? super InferResponse> subscriber;

  // Written before it waits or starts.
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

  /** Returns the key whose calls take one turn in the queue; empty for none. */
  String queueKey() {
    return call.queueKey() == null ? "" : call.queueKey();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super InferResponse> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    if (!subscribed.compareAndSet(false, true)) {
      Publishers.<InferResponse>error(new IllegalStateException("the call was made already"))
          .subscribe(subscriber);
      return;
    }
    this.subscriber = subscriber;
    began = backend.scheduler().nanoTime();
    subscriber.onSubscribe(this);
    if (isSilenced()) {
      return;
    }
    switch (backend.admit(this)) {
      case RUN -> start();
      case WAIT -> await();
      case REFUSE -> tell(overloaded("The model server is busy, and too many calls are waiting."));
    }
  }

  private void await() {
    Duration patience = backend.limit().maxWait();
    Duration own = call.timeout();
    boolean ownFirst = own != null && own.compareTo(patience) < 0;
    Duration first = own != null && ownFirst ? own : patience;
    keepTimer(
        backend.scheduler().schedule(first, () -> waitedTooLong(ownFirst)), backend::isWaiting);
    if (isSilenced() && backend.leaveQueue(this)) {
      stopTimer(); // it was cancelled before it was in the queue
    }
  }

  private void waitedTooLong(boolean ownTimeout) {
    if (backend.leaveQueue(this)) {
      tell(
          ownTimeout
              ? outOfTime()
              : overloaded("The model server is busy; the call has waited too long."));
    }
  }

  private OverloadedException overloaded(String message) {
    return new OverloadedException(message, backend.limit().retryAfter());
  }

  private static BackendException outOfTime() {
    return new BackendException(
        BackendCode.DEADLINE_EXCEEDED, "The call's time ran out before the model server was free.");
  }

  /** Makes the call, which has a permit. */
  void start() {
    placed.set(true);
    stopTimer();
    if (isSilenced()) {
      giveBack();
      return;
    }
    Duration own = call.timeout();
    Duration left = own == null ? null : own.minusNanos(backend.scheduler().nanoTime() - began);
    if (left != null && (left.isNegative() || left.isZero())) {
      end(() -> tell(outOfTime()));
      return;
    }
    try {
      backend.backend().infer(call.withTimeout(left)).subscribe(this);
    } catch (RuntimeException e) {
      end(() -> tell(e));
    } catch (Error e) {
      end(() -> tell(e));
      throw e;
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    Consumer<Flow.Subscription> end;
    long missed;
    synchronized (this) {
      upstream = subscription;
      end = ending;
      missed = demanded;
    }
    if (end != null) {
      end.accept(subscription);
    } else if (missed > 0) {
      subscription.request(missed);
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
    end(() -> tell(failure));
  }

  @Override
  public void onComplete() {
    end(
        () -> {
          Flow.Subscriber<? super InferResponse> last = silence();
          if (last != null) {
            last.onComplete();
          }
        });
  }

  /** Releases the permit, signals the end, and only then lets the next call begin. */
  private void end(Runnable telling) {
    boolean freed = placed.compareAndSet(true, false);
    if (freed) {
      over = true;
      backend.free(this);
    }
    stopTimer();
    try {
      telling.run();
    } finally {
      if (freed) {
        backend.dispatch();
      }
    }
  }

  private void giveBack() {
    end(() -> {});
  }

  private void tell(Throwable failure) {
    Flow.Subscriber<? super InferResponse> last = silence();
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
      // Only the sum before the call is made is ever replayed.
      demanded = n > 0 && demanded + n < 0 ? Long.MAX_VALUE : demanded + Math.max(n, 0);
      current = upstream;
    }
    if (current != null) {
      current.request(n); // what is illegal is refused there, in turn with the other signals
    } else if (n <= 0) {
      Flow.Subscriber<? super InferResponse> last = silence();
      if (last != null) {
        leave(Flow.Subscription::cancel);
        last.onError(new IllegalArgumentException("demand must be positive, was " + n));
      }
    }
  }

  @Override
  public void cancel() {
    if (silence() != null) {
      leave(Flow.Subscription::cancel);
    }
  }

  @Override
  public void cancel(OpenAiException reason) {
    if (silence() != null) {
      leave(subscription -> ReasonedSubscription.cancel(subscription, reason));
      return;
    }
    Flow.Subscription ended;
    synchronized (this) {
      ended = over && ending == null ? upstream : null;
    }
    if (ended != null) {
      ReasonedSubscription.cancel(ended, reason); // the endpoint still has to learn of it
    }
  }

  /** Leaves the queue, or cancels the call at the server: the subscriber has cancelled. */
  private void leave(Consumer<Flow.Subscription> how) {
    if (backend.leaveQueue(this)) {
      stopTimer();
      return;
    }
    // A call without a permit has nothing to drain.
    boolean drain = backend.limit().drains() && placed.get() && backend.keepDraining(this);
    endBy(drain ? this::drain : leaving(how));
    if (drain && over) { // the server has just completed
      backend.forgetDrained(this);
      stopTimer();
    }
  }

  private Consumer<Flow.Subscription> leaving(Consumer<Flow.Subscription> how) {
    return subscription -> {
      how.accept(subscription);
      giveBack();
    };
  }

  /**
   * Ends the call now, or when the call that is being made exists: it needs its permit until then.
   */
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

  /** Reads further responses and discards them; the permit is held meanwhile. */
  private void drain(Flow.Subscription subscription) {
    Duration own = call.timeout();
    if (own != null) {
      Duration left = own.minusNanos(backend.scheduler().nanoTime() - began);
      keepTimer(backend.scheduler().schedule(left, this::stopDraining), backend::isDrained);
    }
    subscription.request(Long.MAX_VALUE);
  }

  /** Ends draining, even if the server has not completed. */
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
      added.cancel(); // it began, or ended, meanwhile
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

  private boolean isSilenced() {
    return subscriber == null;
  }

  /** Returns the subscriber, which receives no further signal; null if it was taken before. */
  private synchronized Flow.@Nullable Subscriber<? super InferResponse> silence() {
    Flow.Subscriber<? super InferResponse> last = subscriber;
    subscriber = null;
    return last;
  }
}
