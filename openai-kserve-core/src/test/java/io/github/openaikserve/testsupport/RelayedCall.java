package io.github.openaikserve.testsupport;

import io.github.openaikserve.kserve.InferResponse;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A call between a backend and its caller that passes all signals on. Tests override some. */
public class RelayedCall implements Flow.Subscriber<InferResponse>, Flow.Subscription {
  private final Flow.Subscriber<? super InferResponse> subscriber;
  private volatile Flow.@Nullable Subscription subscription;

  public RelayedCall(Flow.Subscriber<? super InferResponse> subscriber) {
    this.subscriber = subscriber;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    subscriber.onSubscribe(this);
  }

  @Override
  public void onNext(InferResponse response) {
    subscriber.onNext(response);
  }

  @Override
  public void onError(Throwable failure) {
    subscriber.onError(failure);
  }

  @Override
  public void onComplete() {
    subscriber.onComplete();
  }

  @Override
  public void request(long n) {
    Objects.requireNonNull(subscription).request(n);
  }

  @Override
  public void cancel() {
    Objects.requireNonNull(subscription).cancel();
  }
}
