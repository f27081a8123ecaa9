package io.github.openaikserve.resilience;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.FakeReply;
import java.util.Collections;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** The responses that pass a backend around another. */
public final class CircuitBackendTck extends FlowPublisherVerification<InferResponse> {
  public CircuitBackendTck() {
    super(new TestEnvironment(250, 20));
  }

  private static Flow.Publisher<InferResponse> around(FakeBackend backend) {
    return CircuitBackend.around(backend, CircuitBreaker.ofDefaults()).infer(Probe.CALL);
  }

  @Override
  public Flow.Publisher<InferResponse> createFlowPublisher(long elements) {
    return around(
        FakeBackend.answering(
            call -> FakeReply.of(Collections.nCopies((int) elements, Probe.RESPONSE))));
  }

  @Override
  public Flow.Publisher<InferResponse> createFailedFlowPublisher() {
    return around(FakeBackend.failing(BackendCode.INTERNAL, "as asked"));
  }

  @Override
  public long maxElementsFromPublisher() {
    return 10_000;
  }
}
