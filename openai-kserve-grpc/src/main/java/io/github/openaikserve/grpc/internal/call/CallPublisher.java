package io.github.openaikserve.grpc.internal.call;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.grpc.internal.message.InferCodec;
import io.github.openaikserve.grpc.internal.port.Ports;
import io.github.openaikserve.grpc.internal.port.TritonErrorHeader;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/** The responses to one call. Sends nothing before it is subscribed to; accepts one subscriber. */
public final class CallPublisher implements Flow.Publisher<InferResponse> {
  private final Ports ports;
  private final MethodDescriptor<ModelInferRequest, DecodedMessage> method;
  private final CallSettings settings;
  private final InferCall call;
  private final AtomicBoolean subscribed = new AtomicBoolean();

  /** Creates a publisher. It makes the call on subscription. */
  public CallPublisher(
      Ports ports,
      MethodDescriptor<ModelInferRequest, DecodedMessage> method,
      CallSettings settings,
      InferCall call) {
    this.ports = ports;
    this.method = method;
    this.settings = settings;
    this.call = call;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super InferResponse> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    if (subscribed.compareAndSet(false, true)) {
      new CallSubscription(this, subscriber).start();
    } else {
      subscriber.onSubscribe(Refused.SUBSCRIPTION);
      subscriber.onError(
          new IllegalStateException(
              "already subscribed: a call is made once; call infer again for another call"));
    }
  }

  public Ports ports() {
    return ports;
  }

  public InferCall call() {
    return call;
  }

  public MethodDescriptor<ModelInferRequest, DecodedMessage> method() {
    return method;
  }

  public CallSettings settings() {
    return settings;
  }

  public ModelInferRequest request() {
    return InferCodec.encode(call.request());
  }

  /** Starts the time limit of the call. */
  CallDeadline deadline() {
    Duration own = call.timeout();
    return own == null
        ? new CallDeadline(settings.timeout(), false)
        : new CallDeadline(own, call.deadlineEnforced());
  }

  /** Returns the headers of the call, before {@link TritonErrorHeader} removes its own. */
  public Map<String, String> headers() {
    if (call.metadata().isEmpty()) {
      return settings.metadata();
    }
    Map<String, String> all = new HashMap<>(settings.metadata());
    all.putAll(call.metadata());
    return all;
  }

  private enum Refused implements Flow.Subscription {
    SUBSCRIPTION;

    @Override
    public void request(long n) {}

    @Override
    public void cancel() {}
  }
}
