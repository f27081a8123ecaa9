package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.util.Collections;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** The responses that pass a backend around another. */
abstract class DecoratedBackendTck extends FlowPublisherVerification<InferResponse> {
  DecoratedBackendTck() {
    super(new TestEnvironment(250, 20));
  }

  abstract InferenceBackend around(FakeBackend backend);

  @Override
  public final Flow.Publisher<InferResponse> createFlowPublisher(long elements) {
    ScriptedResponse reply =
        ScriptedResponse.of(Collections.nCopies((int) elements, Probe.RESPONSE));
    return around(FakeBackend.answering(call -> reply)).infer(Probe.CALL);
  }

  @Override
  public final Flow.Publisher<InferResponse> createFailedFlowPublisher() {
    return around(FakeBackend.failing(BackendCode.INTERNAL, "as asked")).infer(Probe.CALL);
  }

  @Override
  public final long maxElementsFromPublisher() {
    return 10_000;
  }
}
