package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testsupport.TestSubscriber;
import java.time.Duration;
import java.util.List;

/** The subscriber of one call. */
final class Probe extends TestSubscriber<InferResponse> {
  static final InferCall CALL =
      InferCall.of(Rpc.MODEL_STREAM_INFER, InferRequest.of("model", "", List.of()));
  static final InferResponse RESPONSE = InferResponse.of(Tensor.text("token", "a"));

  /** Makes a call and requests everything. */
  static Probe call(InferenceBackend backend) {
    return call(backend, CALL);
  }

  static Probe call(InferenceBackend backend, Duration timeout) {
    return call(backend, CALL.withTimeout(timeout));
  }

  static Probe call(InferenceBackend backend, InferCall call) {
    var probe = new Probe();
    backend.infer(call).subscribe(probe);
    probe.request(Long.MAX_VALUE);
    return probe;
  }

  /** Returns a call for a model with a prompt. */
  static InferCall callOf(String model, String prompt) {
    return InferCall.of(
        Rpc.MODEL_STREAM_INFER, InferRequest.of(model, "", List.of(Tensor.text("prompt", prompt))));
  }
}
