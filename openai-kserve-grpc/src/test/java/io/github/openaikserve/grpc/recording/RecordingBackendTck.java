package io.github.openaikserve.grpc.recording;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;

/** The responses of a backend that is recorded. */
public final class RecordingBackendTck extends FlowPublisherVerification<InferResponse> {
  private Path file = Path.of("");

  public RecordingBackendTck() {
    super(new TestEnvironment(250, 20));
  }

  @BeforeClass
  public void create() throws IOException {
    file = Files.createTempFile("recording", ".jsonl");
  }

  @AfterClass
  public void delete() throws IOException {
    Files.deleteIfExists(file);
  }

  @Override
  public Flow.Publisher<InferResponse> createFlowPublisher(long elements) {
    return recorded(ScriptedResponse.of(responses(elements)));
  }

  @Override
  public Flow.Publisher<InferResponse> createFailedFlowPublisher() {
    return recorded(
        ScriptedResponse.of(List.of())
            .thenFails(new BackendException(BackendCode.INTERNAL, "as asked")));
  }

  private Flow.Publisher<InferResponse> recorded(ScriptedResponse reply) {
    return RecordingBackend.to(FakeBackend.answering(call -> reply), file, Redaction.none())
        .infer(Recordings.call());
  }

  static List<InferResponse> responses(long elements) {
    return LongStream.range(0, elements)
        .mapToObj(i -> InferResponse.of(Tensor.text("token", "t" + i)))
        .toList();
  }

  @Override
  public long maxElementsFromPublisher() {
    return 10_000;
  }
}
