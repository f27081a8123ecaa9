package io.github.openaikserve.grpc.recording;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.backend.InferenceBackendContract;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;

/** A recorded conversation keeps the contract as the server did. */
final class ReplayBackendContractTest extends InferenceBackendContract {
  @TempDir private Path directory;
  private ReplayBackend replay = Recordings.replay(options -> {}, "");

  @Override
  protected InferenceBackend backend(Script script) {
    Path file = directory.resolve("recording.jsonl");
    int cancelAfter =
        script.ending() == Script.Ending.SILENT ? script.responses().size() : Integer.MAX_VALUE;
    try (var recording =
        RecordingBackend.to(
            RecordingBackendContractTest.scripted(script), file, Redaction.none())) {
      for (Rpc rpc : List.of(Rpc.MODEL_INFER, Rpc.MODEL_STREAM_INFER)) {
        var request = InferRequest.of("model", "1", List.of(Tensor.text("prompt", "hello")));
        Recordings.start(recording, InferCall.of(rpc, request), cancelAfter).awaitEnd();
      }
    }
    replay = ReplayBackend.from(file);
    return replay;
  }

  @Override
  protected int callsMade() {
    return replay.calls().size();
  }

  @Override
  protected CompletableFuture<Void> cancellation() {
    return replay.cancellations() == 1
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.failedFuture(new AssertionError("no call was cancelled"));
  }
}
