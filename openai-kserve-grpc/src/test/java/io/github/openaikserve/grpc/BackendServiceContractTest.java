package io.github.openaikserve.grpc;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.backend.InferenceBackendContract;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import io.grpc.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A backend behind a service over Netty keeps the same contract as in process. */
final class BackendServiceContractTest extends InferenceBackendContract {
  private FakeBackend scripted = FakeBackend.responses();
  private @Nullable Server server;
  private @Nullable GrpcBackend client;

  @Override
  protected InferenceBackend backend(Script script) {
    scripted = FakeBackend.answering(call -> reply(script));
    try {
      server = Servers.start(BackendService.of(scripted));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    client = Servers.connect(Servers.target(server));
    return client;
  }

  private static ScriptedResponse reply(Script script) {
    ScriptedResponse responses = ScriptedResponse.of(script.responses());
    return switch (script.ending()) {
      case COMPLETED -> responses;
      case NOT_FOUND ->
          responses.thenFails(new BackendException(BackendCode.NOT_FOUND, "No such model."));
      case SILENT -> responses.thenHangs();
    };
  }

  @Override
  protected int callsMade() {
    return scripted.calls().size();
  }

  @Override
  protected CompletableFuture<Void> cancellation() {
    return CompletableFuture.runAsync(
        () -> {
          long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
          while (scripted.cancellations() == 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
          }
          if (scripted.cancellations() == 0) {
            throw new AssertionError("no call was cancelled");
          }
        });
  }

  @AfterEach
  void end() throws InterruptedException {
    if (client != null) {
      client.close();
    }
    if (server != null) {
      server.shutdownNow().awaitTermination();
    }
  }
}
