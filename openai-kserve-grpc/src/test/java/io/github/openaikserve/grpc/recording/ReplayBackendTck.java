package io.github.openaikserve.grpc.recording;

import io.github.openaikserve.kserve.InferResponse;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** The responses of a recording. */
public final class ReplayBackendTck extends FlowPublisherVerification<InferResponse> {
  private static final String REQUEST =
      """
      {"call":1,"rpc":"MODEL_STREAM_INFER","request":{"model_name":"model","model_version":"1"}}
      """;

  public ReplayBackendTck() {
    super(new TestEnvironment(250, 20));
  }

  @Override
  public Flow.Publisher<InferResponse> createFlowPublisher(long elements) {
    var lines = new StringBuilder(REQUEST);
    for (long i = 0; i < elements; i++) {
      lines.append(
          """
          {"call":1,"response":{"id":"%d"}}
          """
              .formatted(i));
    }
    return replayed(lines + "{\"call\":1,\"status\":\"OK\"}");
  }

  @Override
  public Flow.Publisher<InferResponse> createFailedFlowPublisher() {
    return replayed(REQUEST + "{\"call\":1,\"status\":\"INTERNAL\",\"message\":\"as asked\"}");
  }

  private static Flow.Publisher<InferResponse> replayed(String lines) {
    return Recordings.replay(options -> {}, lines).infer(Recordings.call());
  }

  @Override
  public long maxElementsFromPublisher() {
    return 10_000;
  }
}
