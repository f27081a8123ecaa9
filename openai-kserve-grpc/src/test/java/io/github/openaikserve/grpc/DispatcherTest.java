package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.grpc.internal.endpoint.AnyServeTarget;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ServerMetadataRequest;
import io.github.openaikserve.grpc.proto.ServerMetadataResponse;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** AnyServe's dispatcher with a worker that runs, loads or has died. */
final class DispatcherTest {
  private static final int WORKER = AnyServeTarget.STREAM_PORT_OFFSET;

  private final Dispatcher service = new Dispatcher();
  private final List<Server> servers = new ArrayList<>();
  private final ExecutorService handlers = Executors.newCachedThreadPool();
  private int port;

  @BeforeEach
  void start() throws Exception {
    for (int i = 0; port == 0; i++) {
      Server dispatcher = Servers.start(service);
      try {
        Servers.startOn(dispatcher.getPort() + WORKER, service).shutdownNow().awaitTermination();
        servers.add(dispatcher);
        port = dispatcher.getPort();
      } catch (IOException | IllegalArgumentException e) {
        dispatcher.shutdownNow();
        if (i == 50) {
          throw e;
        }
      }
    }
  }

  @AfterEach
  void stop() throws Exception {
    handlers.shutdownNow();
    for (Server server : servers) {
      server.shutdownNow().awaitTermination();
    }
  }

  @Test
  void aLoadingWorkerIsReportedAsUnavailableAndNotAsUnimplemented() throws Exception {
    try (var backend = Servers.connect(target())) {
      assertThat(streamFailure(backend))
          .satisfies(e -> assertThat(e.backendCode()).isEqualTo(BackendCode.UNAVAILABLE))
          .hasMessage(
              "The AnyServe dispatcher answers, but the stream port of the AnyServe worker cannot"
                  + " be reached (connection refused): the worker is loading or down.");
      assertThat(streamFailure(backend))
          .hasMessageStartingWith("The stream port of the AnyServe worker cannot be reached")
          .satisfies(e -> assertThat(e.backendCode()).isEqualTo(BackendCode.UNAVAILABLE));
      assertThat(service.metadata).hasValue(1);
    }
  }

  @Test
  void anUnreachableWorkerIsReportedWithARetryDelay() throws Exception {
    try (var backend = GrpcBackend.connect(target())) {
      assertThat(streamFailure(backend))
          .satisfies(e -> assertThat(e.backendCode()).isEqualTo(BackendCode.UNAVAILABLE))
          .satisfies(e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(1)))
          .hasMessageContaining("the worker is loading or down");
    }
  }

  @Test
  void readinessIsCheckedAtTheStreamPort() throws Exception {
    try (var backend = Servers.connect(target())) {
      Servers.assertNotReady(backend);

      startWorker();

      assertThat(ready(backend)).as("the first probe after the worker came").contains(true);
      assertThat(Recorder.of(backend.infer(Servers.streamCall())).texts()).containsExactly("w");
      assertThat(service.streams).as("streams at the dispatcher").hasValue(0);
    }
  }

  @Test
  void streamsWorkWithoutTheDispatcherIfTheOffsetIsConfigured() throws Exception {
    startWorker();
    servers.get(0).shutdownNow().awaitTermination();
    try (var backend = GrpcBackend.builder().target(target()).streamPortOffset(WORKER).build()) {
      assertThat(Recorder.of(backend.infer(Servers.streamCall())).texts()).containsExactly("w");
      assertThat(ready(backend)).contains(true);
    }
    try (var fresh = GrpcBackend.builder().target(target()).streamPortOffset(WORKER).build()) {
      assertThat(ready(fresh)).contains(true);
    }
  }

  @Test
  void streamsWorkAfterAKnownDispatcherHasDied() throws Exception {
    startWorker();
    try (var backend = Servers.connect(target())) {
      assertThat(ready(backend)).contains(true);
      servers.get(0).shutdownNow().awaitTermination();

      assertThat(Recorder.of(backend.infer(Servers.unaryCall())).failure())
          .isInstanceOfSatisfying(
              BackendException.class,
              e -> assertThat(e.saidByServer()).as("does not count as a lost endpoint").isTrue())
          .hasMessageStartingWith("The AnyServe dispatcher cannot be reached");
      assertThat(ready(backend)).contains(true);
      assertThat(Recorder.of(backend.infer(Servers.streamCall())).texts()).containsExactly("w");
    }
  }

  @Test
  void anEndpointWithoutDispatcherAndWorkerIsUnreachable() throws Exception {
    servers.get(0).shutdownNow().awaitTermination();
    try (var backend = GrpcBackend.builder().target(target()).streamPortOffset(WORKER).build()) {
      assertThat(streamFailure(backend))
          .hasMessage("The model server could not be reached: connection refused.");
    }
  }

  /** A dispatcher that forwards ten concurrent calls and fails all others with INTERNAL. */
  @Test
  void aBurstOfUnaryCallsIsQueuedForTheDispatcher() throws Exception {
    startWorker();
    try (var backend = Servers.connect(target())) {
      List<Recorder> calls = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        calls.add(Recorder.of(backend.infer(Servers.unaryCall())));
      }

      for (Recorder call : calls) {
        assertThat(call.texts()).containsExactly("d");
      }
    }
    assertThat(service.most.get()).isBetween(2, 10);
  }

  @Test
  void aCallThatIsCancelledInTheQueueIsNotSent() throws Exception {
    service.held = new CompletableFuture<>();
    try (var backend = Servers.connect(target())) {
      List<Recorder> calls = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        calls.add(Recorder.of(backend.infer(Servers.unaryCall())));
      }
      Fleet.await(() -> service.unary.get() == 10);
      for (Recorder waiting : calls.subList(10, 20)) {
        waiting.cancel();
      }
      service.held.complete(null);
      for (Recorder call : calls.subList(0, 10)) {
        assertThat(call.texts()).containsExactly("d");
      }
      assertThat(Recorder.of(backend.infer(Servers.unaryCall())).texts()).containsExactly("d");
    }
    assertThat(service.unary).hasValue(11);
  }

  @Test
  void aQueuedCallFailsAtItsDeadline() throws Exception {
    service.held = new CompletableFuture<>();
    try (var backend = Servers.connect(target())) {
      for (int i = 0; i < 10; i++) {
        Recorder.of(backend.infer(Servers.unaryCall()));
      }
      Fleet.await(() -> service.unary.get() == 10);

      assertThat(
              Recorder.of(backend.infer(Servers.unaryCall().withTimeout(Duration.ofMillis(50))))
                  .failure())
          .isInstanceOfSatisfying(
              BackendException.class,
              e -> assertThat(e.backendCode()).isEqualTo(BackendCode.DEADLINE_EXCEEDED));
    }
    service.held.complete(null);
  }

  private String target() {
    return "127.0.0.1:" + port;
  }

  private void startWorker() throws Exception {
    servers.add(Servers.startOn(port + WORKER, ScriptedService.answering("w")));
  }

  private static Optional<Boolean> ready(InferenceBackend backend) throws Exception {
    return backend.ready().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static BackendException streamFailure(InferenceBackend backend) throws Exception {
    return (BackendException) Recorder.of(backend.infer(Servers.streamCall())).failure();
  }

  /** Always reports ready, independently of its worker. */
  private final class Dispatcher extends NamedService {
    final AtomicInteger metadata = new AtomicInteger();
    final AtomicInteger streams = new AtomicInteger();
    final AtomicInteger unary = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    volatile CompletableFuture<Void> held = CompletableFuture.completedFuture(null);

    Dispatcher() {
      super("anyserve-ingress", "");
    }

    @Override
    public void serverMetadata(
        ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> response) {
      metadata.incrementAndGet();
      super.serverMetadata(request, response);
    }

    @Override
    public void modelStreamInfer(
        ModelInferRequest request,
        StreamObserver<io.github.openaikserve.grpc.proto.ModelStreamInferResponse> responses) {
      streams.incrementAndGet();
      responses.onError(Status.UNIMPLEMENTED.asRuntimeException());
    }

    @Override
    public void modelInfer(
        ModelInferRequest request, StreamObserver<ModelInferResponse> responses) {
      unary.incrementAndGet();
      int now = running.incrementAndGet();
      most.accumulateAndGet(now, Math::max);
      if (now > 10) {
        running.decrementAndGet();
        responses.onError(
            Status.INTERNAL
                .withDescription("Failed to forward request to worker")
                .asRuntimeException());
        return;
      }
      held.orTimeout(10, TimeUnit.SECONDS)
          .whenCompleteAsync(
              (done, failure) -> {
                running.decrementAndGet();
                responses.onNext(Servers.response("d"));
                responses.onCompleted();
              },
              CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS, handlers));
    }
  }
}
