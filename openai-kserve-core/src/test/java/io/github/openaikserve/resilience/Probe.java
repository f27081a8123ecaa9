package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** One call whose signals are kept. */
final class Probe implements Flow.Subscriber<InferResponse> {
  static final InferCall CALL =
      InferCall.of(Rpc.MODEL_STREAM_INFER, InferRequest.of("model", "", List.of()));
  static final InferResponse RESPONSE = InferResponse.of(Tensor.text("token", "a"));

  final List<InferResponse> responses = new CopyOnWriteArrayList<>();
  private volatile Flow.@Nullable Subscription subscription;
  volatile @Nullable Throwable failure;
  volatile boolean completed;
  private volatile boolean cancelled;

  Flow.Subscription subscription() {
    return Objects.requireNonNull(subscription);
  }

  /** Makes a call and asks for everything. */
  static Probe call(InferenceBackend backend) {
    return call(backend, CALL);
  }

  static Probe call(InferenceBackend backend, Duration timeout) {
    return call(backend, CALL.withTimeout(timeout));
  }

  /** A call for a model with a prompt. */
  static InferCall callOf(String model, String prompt) {
    return InferCall.of(
        Rpc.MODEL_STREAM_INFER, InferRequest.of(model, "", List.of(Tensor.text("prompt", prompt))));
  }

  static Probe call(InferenceBackend backend, InferCall call) {
    var probe = new Probe();
    backend.infer(call).subscribe(probe);
    probe.subscription().request(Long.MAX_VALUE);
    return probe;
  }

  void cancel() {
    cancelled = true;
    subscription().cancel();
  }

  /** Whether the call has neither ended nor been cancelled. */
  boolean isOpen() {
    return failure == null && !completed && !cancelled;
  }

  boolean isSilent() {
    return responses.isEmpty() && failure == null && !completed;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
  }

  @Override
  public void onNext(InferResponse response) {
    responses.add(response);
  }

  @Override
  public void onError(Throwable failure) {
    this.failure = failure;
  }

  @Override
  public void onComplete() {
    completed = true;
  }
}
