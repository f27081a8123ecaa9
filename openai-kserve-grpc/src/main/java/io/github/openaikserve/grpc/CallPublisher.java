package io.github.openaikserve.grpc;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The responses to one call. Nothing is sent before subscription, which may happen once. */
final class CallPublisher implements Flow.Publisher<InferResponse> {
  private final StreamEndpoints endpoints;
  private final MethodDescriptor<ModelInferRequest, DecodedMessage> method;
  private final CallOptions options;
  private final Map<String, String> metadata;
  private final @Nullable Duration limit;
  private final InferCall call;
  private final AtomicBoolean subscribed = new AtomicBoolean();

  private CallPublisher(
      StreamEndpoints endpoints,
      MethodDescriptor<ModelInferRequest, DecodedMessage> method,
      CallOptions options,
      Map<String, String> metadata,
      @Nullable Duration limit,
      InferCall call) {
    this.endpoints = endpoints;
    this.method = method;
    this.options = options;
    this.metadata = metadata;
    this.limit = limit;
    this.call = call;
  }

  /** A call that is made when it is subscribed to. */
  static Flow.Publisher<InferResponse> of(
      Methods methods,
      StreamEndpoints endpoints,
      CallOptions options,
      Map<String, String> metadata,
      @Nullable Duration limit,
      InferCall call) {
    MethodDescriptor<ModelInferRequest, DecodedMessage> method =
        switch (call.rpc()) {
          case MODEL_INFER -> methods.infer();
          case MODEL_STREAM_INFER -> methods.stream();
          case MODEL_STREAM_INFER_BARE -> methods.bareStream();
        };
    return new CallPublisher(endpoints, method, options, metadata, limit, call);
  }

  @Override
  public void subscribe(Flow.Subscriber<? super InferResponse> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    if (subscribed.compareAndSet(false, true)) {
      new CallSubscription(this, subscriber).start();
    } else {
      subscriber.onSubscribe(Refused.SUBSCRIPTION);
      subscriber.onError(new IllegalStateException("the call was made already"));
    }
  }

  MethodDescriptor<ModelInferRequest, DecodedMessage> method() {
    return method;
  }

  CallOptions options() {
    return options;
  }

  StreamEndpoints endpoints() {
    return endpoints;
  }

  List<Channel> candidates() {
    return endpoints.candidates(call.repeatable());
  }

  ModelInferRequest request() {
    return InferCodec.encode(call.request());
  }

  /** How long the call may take; null for no limit. */
  @Nullable Duration limit() {
    return limit;
  }

  /** Headers are used up by a call, so each gets its own. */
  Metadata headers(TimeLimit time) {
    Map<String, String> all = new HashMap<>(metadata);
    all.putAll(call.metadata());
    Metadata headers = Headers.of(all);
    time.addTo(headers);
    return headers;
  }

  private enum Refused implements Flow.Subscription {
    SUBSCRIPTION;

    @Override
    public void request(long n) {}

    @Override
    public void cancel() {}
  }
}
