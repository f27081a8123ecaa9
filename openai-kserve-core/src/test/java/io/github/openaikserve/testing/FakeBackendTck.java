package io.github.openaikserve.testing;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** The fake backend's responses. */
public final class FakeBackendTck extends FlowPublisherVerification<InferResponse> {
  public FakeBackendTck() {
    super(new TestEnvironment(250, 20));
  }

  @Override
  public Flow.Publisher<InferResponse> createFlowPublisher(long elements) {
    return FakeBackend.answering(
            call ->
                ScriptedResponse.of(
                    LongStream.range(0, elements)
                        .mapToObj(i -> InferResponse.of(Tensor.text("token", "t" + i)))
                        .toList()))
        .infer(CALL);
  }

  @Override
  public Flow.Publisher<InferResponse> createFailedFlowPublisher() {
    return FakeBackend.failing(BackendCode.INTERNAL, "as asked").infer(CALL);
  }

  @Override
  public long maxElementsFromPublisher() {
    return 10_000;
  }

  private static final InferCall CALL =
      InferCall.of(Rpc.MODEL_STREAM_INFER, InferRequest.of("model", "", List.of()));
}
