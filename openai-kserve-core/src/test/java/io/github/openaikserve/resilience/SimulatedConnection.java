package io.github.openaikserve.resilience;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.InferResponse;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The connection of one call to a {@link SimulatedServer}, which can be lost. For one thread. */
final class SimulatedConnection implements Flow.Subscriber<InferResponse>, Flow.Subscription {
  private final Flow.Subscriber<? super InferResponse> subscriber;
  private Flow.@Nullable Subscription upstream;
  private boolean answered;
  private boolean ended;

  SimulatedConnection(Flow.Subscriber<? super InferResponse> subscriber) {
    this.subscriber = subscriber;
  }

  /** Fails the call unless it has ended; returns whether it failed in the middle of its answer. */
  boolean lose() {
    if (ended) {
      return false;
    }
    ended = true;
    Objects.requireNonNull(upstream).cancel();
    subscriber.onError(
        new BackendException(
            BackendCode.UNAVAILABLE, "The model server could not be reached: connection lost."));
    return answered;
  }

  boolean hasEnded() {
    return ended;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    upstream = subscription;
    subscriber.onSubscribe(this);
  }

  @Override
  public void onNext(InferResponse response) {
    answered = true;
    subscriber.onNext(response);
  }

  @Override
  public void onError(Throwable failure) {
    ended = true;
    subscriber.onError(failure);
  }

  @Override
  public void onComplete() {
    ended = true;
    subscriber.onComplete();
  }

  @Override
  public void request(long n) {
    Objects.requireNonNull(upstream).request(n);
  }

  @Override
  public void cancel() {
    ended = true;
    Objects.requireNonNull(upstream).cancel();
  }
}
