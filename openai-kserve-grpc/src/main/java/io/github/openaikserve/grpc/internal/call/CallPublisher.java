package io.github.openaikserve.grpc.internal.call;

import io.github.openaikserve.kserve.InferResponse;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/** The responses to one call. Sends nothing before it is subscribed to; accepts one subscriber. */
public final class CallPublisher implements Flow.Publisher<InferResponse> {
  private final OutgoingCall call;
  private final AtomicBoolean subscribed = new AtomicBoolean();

  /** Creates a publisher. It makes the call on subscription. */
  public CallPublisher(OutgoingCall call) {
    this.call = call;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super InferResponse> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    if (subscribed.compareAndSet(false, true)) {
      new CallSubscription(call, subscriber).start();
    } else {
      subscriber.onSubscribe(Refused.SUBSCRIPTION);
      subscriber.onError(
          new IllegalStateException(
              "already subscribed: a call is made once; call infer again for another call"));
    }
  }

  private enum Refused implements Flow.Subscription {
    SUBSCRIPTION;

    @Override
    public void request(long n) {}

    @Override
    public void cancel() {}
  }
}
