package io.github.openaikserve.grpc;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.backend.InferenceBackendContract;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The contract over real netty. */
class GrpcBackendContractTest extends InferenceBackendContract {
  private @Nullable ScriptedService service;
  private @Nullable Server server;
  private @Nullable GrpcBackend backend;

  @Override
  protected InferenceBackend backend(Script script) {
    service =
        new ScriptedService(
            (request, responses) -> follow(script, responses, response -> response),
            (request, responses) -> follow(script, responses, GrpcBackendContractTest::wrap));
    try {
      server = Servers.start(service);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    backend = Servers.connect(Servers.target(server));
    return around(backend);
  }

  InferenceBackend around(InferenceBackend grpc) {
    return grpc;
  }

  @Override
  protected int callsMade() {
    return service == null ? 0 : service.calls.get();
  }

  @Override
  protected CompletableFuture<Void> cancellation() {
    return service == null ? new CompletableFuture<>() : service.cancelled;
  }

  @AfterEach
  void end() throws InterruptedException {
    if (backend != null) {
      backend.close();
    }
    if (server != null) {
      server.shutdownNow().awaitTermination();
    }
  }

  private static <M> void follow(
      Script script, StreamObserver<M> responses, Function<ModelInferResponse, M> wrap) {
    script
        .responses()
        .forEach(
            r -> responses.onNext(wrap.apply(Servers.response(r.outputs().get(0).texts().get(0)))));
    switch (script.ending()) {
      case COMPLETED -> responses.onCompleted();
      case NOT_FOUND -> responses.onError(Status.NOT_FOUND.asRuntimeException());
      case SILENT -> {}
    }
  }

  private static ModelStreamInferResponse wrap(ModelInferResponse response) {
    return ModelStreamInferResponse.newBuilder().setInferResponse(response).build();
  }
}
