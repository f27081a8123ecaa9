package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.github.openaikserve.grpc.proto.ServerReadyRequest;
import io.github.openaikserve.grpc.proto.ServerReadyResponse;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** Workers on loopback that can be killed, hang, fail and restart. */
final class Fleet {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  final List<Worker> workers;

  Fleet(int size) throws IOException {
    workers = IntStream.range(0, size).mapToObj(i -> new Worker("w" + i)).toList();
    for (Worker worker : workers) {
      worker.start();
    }
  }

  Worker worker(int index) {
    return workers.get(index);
  }

  List<String> targets() {
    return workers.stream().map(worker -> "127.0.0.1:" + worker.proxy().port()).toList();
  }

  /** Makes sequential calls and returns the names of the workers; {@code !} for a failure. */
  static Set<String> answering(InferenceBackend backend, int calls) throws Exception {
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < calls; i++) {
      try {
        names.addAll(
            Recorder.of(backend.infer(Servers.streamCall().withTimeout(PATIENCE))).texts());
      } catch (AssertionError e) {
        assertThat(e.getCause()).isInstanceOf(BackendException.class);
        names.add("!");
      }
    }
    return names;
  }

  /** Makes calls until all workers have answered at least once. */
  static void awaitAll(InferenceBackend backend, String... names) throws Exception {
    Set<String> missing = new TreeSet<>(Set.of(names));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!missing.isEmpty()) {
      assertThat(System.nanoTime()).as("time, still missing " + missing).isLessThan(deadline);
      missing.removeAll(answering(backend, 1));
    }
  }

  /** Makes calls until many in a row have another answer. */
  static void awaitNone(InferenceBackend backend, String name) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (answering(backend, 9).contains(name)) {
      assertThat(System.nanoTime()).as("time").isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Makes sequential calls until a condition is true. */
  static void callUntil(InferenceBackend backend, BooleanSupplier reached) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time").isLessThan(deadline);
      answering(backend, 1);
      LockSupport.parkNanos(1_000_000);
    }
  }

  static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time").isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  void end() throws IOException, InterruptedException {
    for (Worker worker : workers) {
      worker.proxy().dropData(false);
      worker.proxy().disconnect();
      worker.server.shutdownNow().awaitTermination();
    }
  }

  /** The behavior of a worker. */
  enum Manner {
    WORKS,
    FAILS,
    HANGS,
    ERROR_MESSAGE
  }

  /** Answers a stream with its name. */
  static final class Worker extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
    final AtomicInteger calls = new AtomicInteger();
    final AtomicInteger questions = new AtomicInteger();
    final List<StreamObserver<ModelStreamInferResponse>> held = new CopyOnWriteArrayList<>();
    volatile Manner manner = Manner.WORKS;
    volatile boolean ready = true;
    private final String name;
    private Server server;
    private int port;
    private TcpProxy proxy;

    @SuppressWarnings("NullAway.Init") // started by the fleet
    private Worker(String name) {
      this.name = name;
    }

    private void start() throws IOException {
      server = Servers.start(this);
      port = server.getPort();
      proxy = new TcpProxy(port);
    }

    /** Ends its calls with the status of a server that shuts down, and closes its port. */
    void shutDown() throws IOException, InterruptedException {
      server.shutdownNow().awaitTermination();
      proxy.disconnect();
    }

    /** Starts the server again at the same port. */
    void restart() throws IOException {
      server = Servers.startOn(port, this);
      proxy.reconnect();
    }

    Server server() {
      return server;
    }

    TcpProxy proxy() {
      return proxy;
    }

    @Override
    public void modelStreamInfer(
        ModelInferRequest request, StreamObserver<ModelStreamInferResponse> responses) {
      calls.incrementAndGet();
      ((ServerCallStreamObserver<ModelStreamInferResponse>) responses).setOnCancelHandler(() -> {});
      switch (manner) {
        case WORKS -> {
          responses.onNext(Servers.chunk(name));
          responses.onCompleted();
        }
        case FAILS -> responses.onError(Status.INTERNAL.asRuntimeException());
        case HANGS -> held.add(responses);
        case ERROR_MESSAGE -> {
          responses.onNext(
              ModelStreamInferResponse.newBuilder().setErrorMessage("out of memory").build());
          responses.onCompleted();
        }
      }
    }

    @Override
    public void serverReady(
        ServerReadyRequest request, StreamObserver<ServerReadyResponse> responses) {
      responses.onNext(ServerReadyResponse.newBuilder().setReady(ready).build());
      responses.onCompleted();
      questions.incrementAndGet();
    }
  }
}
