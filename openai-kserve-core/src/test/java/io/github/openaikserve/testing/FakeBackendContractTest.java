package io.github.openaikserve.testing;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.backend.InferenceBackendContract;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;

final class FakeBackendContractTest extends InferenceBackendContract {
  private FakeBackend backend = FakeBackend.responses();

  @Override
  protected InferenceBackend backend(Script script) {
    ScriptedResponse reply = ScriptedResponse.of(script.responses());
    backend =
        FakeBackend.answering(
            call ->
                switch (script.ending()) {
                  case COMPLETED -> reply;
                  case NOT_FOUND ->
                      reply.thenFails(new BackendException(BackendCode.NOT_FOUND, "no such model"));
                  case SILENT -> reply.thenHangs();
                });
    return backend;
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

  @AfterEach
  void close() {
    backend.close();
  }
}
