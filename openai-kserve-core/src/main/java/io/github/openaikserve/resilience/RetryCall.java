package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.ReasonedSubscription;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.kserve.InferResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call and its attempts. Publisher, subscriber and subscription in one, since it is used once.
 * Thread-safe.
 *
 * <p>Attempts follow one another only before the first response, so the demand up to then is owed
 * by whichever attempt answers.
 */
final class RetryCall
    implements Flow.Publisher<InferResponse>, Flow.Subscriber<InferResponse>, ReasonedSubscription {
  private final Retries retries;
  private final InferCall call;
  private final Attempts attempts = new Attempts();
  private final AtomicBoolean subscribed = new AtomicBoolean();

  /** Null once it receives nothing more. */
  private volatile Flow.@Nullable Subscriber<? super InferResponse> subscriber;

  // Written before the first attempt.
  private long startedAt;

  // Touched by one attempt at a time.
  private int made;
  private boolean answered;

  // Guarded by this.
  private Flow.@Nullable Subscription upstream;
  private @Nullable Runnable timer;
  private long demand;

  RetryCall(Retries retries, InferCall call) {
    this.retries = retries;
    this.call = call;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super InferResponse> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    if (!subscribed.compareAndSet(false, true)) {
      Publishers.<InferResponse>failed(new IllegalStateException("the call was made already"))
          .subscribe(subscriber);
      return;
    }
    this.subscriber = subscriber;
    startedAt = retries.scheduler().nanoTime();
    subscriber.onSubscribe(this);
    attempt();
  }

  private void attempt() {
    if (isOver()) {
      return;
    }
    Duration left = left();
    if (left != null && (left.isNegative() || left.isZero())) {
      fail(
          new BackendException(
              BackendCode.DEADLINE_EXCEEDED, "The model server did not answer in time."));
      return;
    }
    made++;
    CompletableFuture<Flow.Publisher<InferResponse>> next;
    try {
      next = retries.target().next(made == 1 ? call : call.withTimeout(left), attempts);
    } catch (RuntimeException e) {
      next = CompletableFuture.failedFuture(e);
    }
    next.whenComplete(this::begin);
  }

  private void begin(
      Flow.@Nullable Publisher<InferResponse> publisher, @Nullable Throwable failure) {
    if (isOver()) {
      return;
    }
    if (publisher == null) {
      onError(
          failure instanceof CompletionException e && e.getCause() != null
              ? e.getCause()
              : Objects.requireNonNull(failure));
      return;
    }
    try {
      publisher.subscribe(this);
    } catch (RuntimeException e) {
      onError(e);
    }
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
      Optional<Duration> delay = retries.delay(call, failure, made, left(), attempts);
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
    }
    retries.target().retried(attempts);
    if (delay.isZero()) {
      attempt();
      return;
    }
    Runnable cancel = retries.scheduler().schedule(delay, this::attempt);
    synchronized (this) {
      timer = cancel;
    }
    if (isOver()) {
      cancel.run();
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

  /** Returns what is left of the call's timeout; null for no limit. */
  private @Nullable Duration left() {
    Duration timeout = call.timeout();
    return timeout == null ? null : timeout.minusNanos(retries.scheduler().nanoTime() - startedAt);
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
      current.request(n); // which also refuses what is illegal, in turn with the other signals
    } else if (n <= 0) {
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
        ReasonedSubscription.cancel(current, reason); // the endpoint still has to learn of it
      }
      return;
    }
    leave(subscription -> ReasonedSubscription.cancel(subscription, reason));
  }

  private void leave(Consumer<Flow.Subscription> how) {
    Flow.Subscription current;
    Runnable waiting;
    synchronized (this) {
      if (subscriber == null) {
        return;
      }
      subscriber = null;
      current = upstream;
      waiting = timer;
    }
    if (waiting != null) {
      waiting.run();
    }
    if (current != null) {
      how.accept(current);
    }
  }

  private boolean isOver() {
    return subscriber == null;
  }

  /** Returns the subscriber, who receives nothing after this; null if that was so before. */
  private synchronized Flow.@Nullable Subscriber<? super InferResponse> end() {
    Flow.Subscriber<? super InferResponse> last = subscriber;
    subscriber = null;
    return last;
  }
}
