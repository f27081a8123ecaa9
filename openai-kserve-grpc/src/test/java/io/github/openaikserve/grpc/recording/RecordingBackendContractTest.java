package io.github.openaikserve.grpc.recording;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.backend.InferenceBackendContract;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;

/** A recorder keeps the contract of what it records. */
final class RecordingBackendContractTest extends InferenceBackendContract {
  @TempDir private Path directory;
  private FakeBackend backend = FakeBackend.responses();

  @Override
  protected InferenceBackend backend(Script script) {
    backend = scripted(script);
    return RecordingBackend.to(backend, directory.resolve("recording.jsonl"), Redaction.none());
  }

  static FakeBackend scripted(Script script) {
    ScriptedResponse reply = ScriptedResponse.of(script.responses());
    return FakeBackend.answering(
        call ->
            switch (script.ending()) {
              case COMPLETED -> reply;
              case NOT_FOUND ->
                  reply.thenFails(new BackendException(BackendCode.NOT_FOUND, "no such model"));
              case SILENT -> reply.thenHangs();
            });
  }

  @Override
  protected int callsMade() {
    return backend.calls().size();
  }

  @Override
  protected CompletableFuture<Void> cancellation() {
    return backend.cancellations() == 1
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.failedFuture(new AssertionError("no call was cancelled"));
  }
}
