package io.github.openaikserve.grpc.servers;

import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelMetadataRequest;
import io.github.openaikserve.grpc.proto.ModelMetadataResponse;
import io.github.openaikserve.grpc.proto.ModelReadyRequest;
import io.github.openaikserve.grpc.proto.ModelReadyResponse;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.github.openaikserve.grpc.proto.ServerMetadataRequest;
import io.github.openaikserve.grpc.proto.ServerMetadataResponse;
import io.github.openaikserve.grpc.proto.ServerReadyRequest;
import io.github.openaikserve.grpc.proto.ServerReadyResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * AnyServe: a dispatcher without streams, and a worker with all procedures at a port that is 100
 * higher. Loses the errors of unary calls, and does not notify handlers of cancellations.
 *
 * <p>Source: {@code simpx/anyserve}: {@code cpp/server/anyserve_dispatcher.cpp}, {@code
 * model_registry.cpp}, {@code python/anyserve/kserve.py}, {@code python/anyserve/worker}.
 */
public final class AnyServeServer extends ModelServer {
  private static final int WORKER_OFFSET = 100;
  private static final int TRIES = 20;

  private final List<AnyServeCapability> capabilities;
  private final CountDownLatch generatedToTheEnd = new CountDownLatch(1);
  private final Object oneAtATime = new Object();

  private AnyServeServer(List<AnyServeCapability> capabilities) {
    this.capabilities = List.copyOf(capabilities);
  }

  /** Starts a server with AnyServe's own llama.cpp worker. */
  public static AnyServeServer start() throws IOException {
    return start(AnyServeCapability.llamaCpp());
  }

  /** Starts a server with a worker with these capabilities. */
  public static AnyServeServer start(List<AnyServeCapability> capabilities) throws IOException {
    for (int i = 1; ; i++) {
      var server = new AnyServeServer(capabilities);
      try {
        server.listen(server.new Dispatcher().bindService());
        server.listenOn(server.port() + WORKER_OFFSET, server.new Worker().bindService());
        return server;
      } catch (IOException e) { // the second port is in use
        server.close();
        if (i == TRIES) {
          throw e;
        }
      }
    }
  }

  /** Returns the address of the worker. */
  public String workerTarget() {
    return "127.0.0.1:" + (port() + WORKER_OFFSET);
  }

  /** Returns whether a handler runs to its end after a cancellation, within a timeout. */
  public boolean generatesToTheEnd() throws InterruptedException {
    return generatedToTheEnd.await(10, TimeUnit.SECONDS);
  }

  private Optional<AnyServeCapability> exactly(String name, String version) {
    return capabilities.stream()
        .filter(c -> c.type().equals(name) && c.model().equals(version))
        .findFirst();
  }

  /** The procedures of the C++ dispatcher. */
  private final class Dispatcher extends Answers {
    Dispatcher() {
      super("anyserve-ingress", "0.2.0", "anyserve");
    }

    @Override
    Optional<AnyServeCapability> find(String name, String version) {
      return exactly(name, version)
          .or(() -> version.isEmpty() ? Optional.empty() : exactly(name, ""));
    }

    @Override
    void infer(ModelInferRequest request, StreamObserver<ModelInferResponse> responses) {
      String name = request.getModelName();
      String version = request.getModelVersion();
      if (find(name, version).isEmpty()) {
        refuse(
            responses,
            Status.NOT_FOUND,
            "Model '%s' not found".formatted(version.isEmpty() ? name : name + ":" + version));
        return;
      }
      synchronized (oneAtATime) {
        super.infer(request, responses);
      }
    }

    @Override
    public void modelReady(
        ModelReadyRequest request, StreamObserver<ModelReadyResponse> responses) {
      answer(
          responses,
          ModelReadyResponse.newBuilder()
              .setReady(exactly(request.getName(), request.getVersion()).isPresent())
              .build());
    }
  }

  /** The procedures of a Python worker. */
  private final class Worker extends Answers {
    Worker() {
      super("anyserve", "0.1.0", "");
    }

    @Override
    Optional<AnyServeCapability> find(String name, String version) {
      return capabilities.stream()
          .filter(c -> c.type().equals(name))
          .filter(c -> version.isEmpty() || c.model().equals(version))
          .findFirst();
    }

    @Override
    public void modelStreamInfer(
        ModelInferRequest request, StreamObserver<ModelStreamInferResponse> responses) {
      watch(responses);
      askedOnStream(request, responses);
      if (!AnyServeWire.reads(request)) {
        refuse(responses, Status.INTERNAL, "Exception deserializing request!");
        return;
      }
      var handler = new Thread(() -> handle(request, responses), "handler");
      handler.setDaemon(true);
      handler.start();
    }

    private void handle(
        ModelInferRequest request, StreamObserver<ModelStreamInferResponse> responses) {
      String name = request.getModelName();
      Optional<AnyServeCapability> found =
          find(name, request.getModelVersion()).filter(AnyServeCapability::isStream);
      if (found.isEmpty()) {
        fail(responses, "No streaming handler for capability: " + name);
      } else {
        generate(found.get(), request, responses);
      }
      responses.onCompleted();
    }

    private void generate(
        AnyServeCapability capability,
        ModelInferRequest request,
        StreamObserver<ModelStreamInferResponse> responses) {
      try {
        capability.stream(
            new Inputs(request),
            new AnyServeCapability.Chunks() {
              @Override
              public void send(Outputs chunk) {
                responses.onNext(
                    ModelStreamInferResponse.newBuilder()
                        .setInferResponse(chunk.to(request.getModelName(), "", request.getId()))
                        .build());
              }

              @Override
              public void hang() {
                waitForCancellation();
              }
            });
        generatedToTheEnd.countDown();
      } catch (AnyServeCapability.Raised e) {
        String message = e.getMessage();
        fail(
            responses,
            message.startsWith("Missing")
                ? message
                : """
                Error in stream handler: %s
                Traceback (most recent call last):
                  File "/opt/anyserve/python/anyserve/kserve.py", line 512, in run
                RuntimeError: %s
                """
                    .formatted(message, message));
      }
    }

    private void waitForCancellation() {
      try {
        receivesCancellation();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void fail(StreamObserver<ModelStreamInferResponse> responses, String message) {
      responses.onNext(ModelStreamInferResponse.newBuilder().setErrorMessage(message).build());
    }
  }

  /** The procedures of both. */
  private abstract class Answers extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
    private final String name;
    private final String version;
    private final String platform;

    Answers(String name, String version, String platform) {
      this.name = name;
      this.version = version;
      this.platform = platform;
    }

    abstract Optional<AnyServeCapability> find(String name, String version);

    @Override
    public final void modelInfer(
        ModelInferRequest request, StreamObserver<ModelInferResponse> responses) {
      watch(responses);
      asked(request, responses);
      if (AnyServeWire.reads(request)) {
        infer(request, responses);
      } else {
        refuse(responses, Status.INTERNAL, "Exception deserializing request!");
      }
    }

    /** Answers OK without outputs to every failed call. */
    void infer(ModelInferRequest request, StreamObserver<ModelInferResponse> responses) {
      String name = request.getModelName();
      Outputs outputs;
      try {
        outputs =
            find(name, request.getModelVersion())
                .filter(capability -> !capability.isStream())
                .map(capability -> capability.answer(new Inputs(request)))
                .orElseGet(() -> new Outputs(false));
      } catch (AnyServeCapability.Raised lost) {
        outputs = new Outputs(false);
      }
      answer(responses, outputs.to(name, request.getModelVersion(), request.getId()));
    }

    @Override
    public void serverReady(
        ServerReadyRequest request, StreamObserver<ServerReadyResponse> responses) {
      answer(responses, ServerReadyResponse.newBuilder().setReady(true).build());
    }

    @Override
    public void modelReady(
        ModelReadyRequest request, StreamObserver<ModelReadyResponse> responses) {
      answer(responses, ModelReadyResponse.newBuilder().setReady(true).build());
    }

    @Override
    public void serverMetadata(
        ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> responses) {
      answer(
          responses, ServerMetadataResponse.newBuilder().setName(name).setVersion(version).build());
    }

    @Override
    public void modelMetadata(
        ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> responses) {
      answer(
          responses,
          ModelMetadataResponse.newBuilder()
              .setName(request.getName())
              .setPlatform(platform)
              .build());
    }
  }
}
