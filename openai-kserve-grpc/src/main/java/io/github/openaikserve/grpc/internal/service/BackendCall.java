package io.github.openaikserve.grpc.internal.service;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.grpc.internal.message.InferCodec;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A client's call that a backend answers. Requests the next response from the backend when the
 * client's connection can accept one.
 *
 * @param <A> the protobuf message of a response
 */
final class BackendCall<A> implements Flow.Subscriber<InferResponse> {
  private final ServerCallStreamObserver<A> responses;
  private final Function<ModelInferResponse, A> message;
  private final AtomicBoolean requested = new AtomicBoolean();
  private volatile Flow.@Nullable Subscription subscription;

  private BackendCall(
      ServerCallStreamObserver<A> responses, Function<ModelInferResponse, A> message) {
    this.responses = responses;
    this.message = message;
  }

  static <A> void start(
      InferenceBackend backend,
      Rpc rpc,
      ModelInferRequest request,
      StreamObserver<A> responses,
      Function<ModelInferResponse, A> message) {
    var observer = (ServerCallStreamObserver<A>) responses;
    var call = new BackendCall<>(observer, message);
    observer.setOnCancelHandler(call::cancel);
    observer.setOnReadyHandler(call::request);
    try {
      backend.infer(call(rpc, request)).subscribe(call);
    } catch (DialectException e) { // the request cannot be read
      responses.onError(
          Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
    }
  }

  private static InferCall call(Rpc rpc, ModelInferRequest request) {
    InferCall call =
        InferCall.of(rpc, InferCodec.decode(request)).withMetadata(CallHeaders.current());
    Deadline deadline = Context.current().getDeadline();
    return deadline == null
        ? call
        : call.withTimeout(
            Duration.ofNanos(Math.max(1, deadline.timeRemaining(TimeUnit.NANOSECONDS))));
  }

  @Override
  public void onSubscribe(Flow.Subscription upstream) {
    subscription = upstream;
    if (responses.isCancelled()) {
      upstream.cancel();
    } else {
      request();
    }
  }

  private void request() {
    Flow.Subscription upstream = subscription;
    if (upstream != null && responses.isReady() && requested.compareAndSet(false, true)) {
      upstream.request(1);
    }
  }

  private void cancel() {
    Flow.Subscription upstream = subscription;
    if (upstream != null) {
      upstream.cancel();
    }
  }

  @Override
  public void onNext(InferResponse response) {
    requested.set(false);
    responses.onNext(message.apply(InferCodec.encode(response)));
    request();
  }

  @Override
  public void onError(Throwable failure) {
    responses.onError(BackendRpcs.status(failure).asRuntimeException());
  }

  @Override
  public void onComplete() {
    responses.onCompleted();
  }
}
