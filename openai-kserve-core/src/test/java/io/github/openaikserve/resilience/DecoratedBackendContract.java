package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.backend.InferenceBackendContract;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.util.concurrent.CompletableFuture;

/** What every backend must do, also where it is around another. */
abstract class DecoratedBackendContract extends InferenceBackendContract {
  private FakeBackend server = FakeBackend.responses();

  abstract InferenceBackend around(InferenceBackend backend);

  @Override
  protected InferenceBackend backend(Script script) {
    ScriptedResponse reply = ScriptedResponse.of(script.responses());
    server =
        FakeBackend.answering(
            call ->
                switch (script.ending()) {
                  case COMPLETED -> reply;
                  case NOT_FOUND ->
                      reply.thenFails(new BackendException(BackendCode.NOT_FOUND, "no such model"));
                  case SILENT -> reply.thenHangs();
                });
    return around(server);
  }

  @Override
  protected int callsMade() {
    return server.calls().size();
  }

  @Override
  protected CompletableFuture<Void> cancellation() {
    return server.cancellations() == 1
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.failedFuture(new AssertionError("no call was cancelled"));
  }
}
