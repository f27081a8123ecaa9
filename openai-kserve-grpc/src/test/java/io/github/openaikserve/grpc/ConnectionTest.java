package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.grpc.faults.Fault;
import io.github.openaikserve.grpc.faults.Faults;
import io.github.openaikserve.grpc.faults.ToxicProxy;
import io.github.openaikserve.grpc.internal.call.CallSettings;
import io.github.openaikserve.grpc.internal.call.Methods;
import io.github.openaikserve.grpc.internal.call.UnaryCall;
import io.github.openaikserve.grpc.internal.message.InferCodec;
import io.github.openaikserve.grpc.internal.port.Connection;
import io.github.openaikserve.grpc.internal.port.OpenChannel;
import io.github.openaikserve.grpc.internal.status.StatusCodes;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ServerReadyRequest;
import io.github.openaikserve.grpc.proto.ServerReadyResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that fail, stop without a sign, and recover, over real Netty. */
final class ConnectionTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  private final CountDownLatch streaming = new CountDownLatch(1);
  private final ScriptedService service =
      ScriptedService.streaming(
          (request, responses) -> {
            responses.onNext(Servers.chunk("a"));
            streaming.countDown();
          });
  private volatile boolean busy;
  private final AtomicInteger questions = new AtomicInteger();
  private Server server;

  @BeforeEach
  void start() throws Exception {
    server = Servers.start(() -> ServerInterceptors.intercept(service, new Busy()));
  }

  private final CountDownLatch silent = new CountDownLatch(1);

  @AfterEach
  void stop() throws Exception {
    server.shutdownNow().awaitTermination();
  }

  @Test
  void theFirstProbeAfterAServerRestartSucceeds() throws Exception {
    var proxy = new TcpProxy(server.getPort());
    try (var backend = Servers.connect("127.0.0.1:" + proxy.port())) {
      assertThat(ready(backend)).contains(true);
      proxy.disconnect();
      for (int i = 0; i < 8; i++) { // gRPC would wait longer after each failure
        Servers.assertNotReady(backend);
      }

      proxy.reconnect();

      assertThat(ready(backend)).contains(true);
    } finally {
      proxy.disconnect();
    }
  }

  @Test
  void aCallReachesAServerThatHasRestarted() throws Exception {
    var proxy = new TcpProxy(server.getPort());
    try (var backend = Servers.connect("127.0.0.1:" + proxy.port())) {
      proxy.disconnect();
      assertThat(Recorder.of(backend.infer(Servers.streamCall())).failure())
          .hasMessage("The model server could not be reached: connection refused.");
      proxy.reconnect();

      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(900);
      Recorder call;
      do { // gRPC itself would wait for a second
        assertThat(System.nanoTime()).as("time").isLessThan(deadline);
        call = Recorder.of(backend.infer(Servers.streamCall()));
        Recorder made = call;
        Fleet.await(() -> made.hasBegun() || made.hasEnded());
      } while (!call.hasBegun());
    } finally {
      proxy.disconnect();
    }
  }

  @Test
  void aSilentlyLostConnectionIsReplacedAndItsCallsFail() throws Exception {
    var silence = new CompletableFuture<Void>();
    try (ToxicProxy proxy = ToxicProxy.before(server.getPort(), silentFrom(silence));
        var probed = new Probed(proxy.target())) {
      assertThat(probed.readyInTime()).isEqualTo("true");
      CompletableFuture<Status> inFlight = probed.call();
      streaming.await();
      OpenChannel first = probed.connection.channel();
      silence.complete(null);
      silent.await();
      proxy.fault(Faults.none());

      assertThat(probed.ready()).isEqualTo("DEADLINE_EXCEEDED");
      assertThat(probed.ready()).isEqualTo("DEADLINE_EXCEEDED");
      assertThat(probed.connection.channel()).isSameAs(first);
      assertThat(inFlight).isNotDone();
      assertThat(probed.readyInTimeExceptAt(first)).isEqualTo("true");

      assertThat(probed.connection.channel()).isNotSameAs(first);
      assertThat(inFlight.get(10, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(probed.readyInTime()).isEqualTo("true");
    }
  }

  @Test
  void aBusyServerKeepsItsConnectionAndRunningCalls() throws Exception {
    try (var probed = new Probed(Servers.target(server))) {
      assertThat(probed.readyInTime()).isEqualTo("true");
      CompletableFuture<Status> inFlight = probed.call();
      streaming.await();
      OpenChannel first = probed.connection.channel();
      busy = true;

      for (int i = 0; i < 5; i++) {
        assertThat(probed.ready()).isEqualTo("DEADLINE_EXCEEDED");
      }
      assertThat(probed.connection.channel()).isSameAs(first);
      assertThat(inFlight).isNotDone();
      busy = false;
      assertThat(probed.readyInTime()).isEqualTo("true");
      assertThat(probed.connection.channel()).isSameAs(first);
    }
  }

  @Test
  void aConnectionThatReceivesDataIsNotReplaced() throws Exception {
    try (var probed = new Probed(Servers.target(server))) {
      busy = true;
      for (int i = 0; i < 5; i++) {
        probed.connection.channel().markActive(); // a response of any call
        int before = questions.get();
        assertThat(probed.ready()).isEqualTo("DEADLINE_EXCEEDED");
        assertThat(questions.get() - before).as("probes").isEqualTo(1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void anEndpointHasTheConfiguredNumberOfConnections(int connections) throws Exception {
    try (ToxicProxy proxy = ToxicProxy.before(server.getPort(), Faults.none());
        var backend =
            GrpcBackend.builder().target(proxy.target()).connections(connections).build()) {
      List<Recorder> calls = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        calls.add(Recorder.of(backend.infer(Servers.streamCall())));
      }
      for (Recorder call : calls) {
        call.first();
      }
      assertThat(ready(backend)).contains(true);

      assertThat(proxy.open()).isEqualTo(connections);
    }
  }

  /** As with a firewall that drops packets: the listener's queue is full. */
  @Test
  void connectingEndsAtTheConnectTimeout() throws Exception {
    List<SocketChannel> queued = new ArrayList<>();
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var address = new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
      for (int i = 0; i < 8; i++) {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(address);
        queued.add(channel);
      }
      try (var backend =
          GrpcBackend.builder()
              .target("127.0.0.1:" + listener.getLocalPort())
              .connectTimeout(SHORT)
              .build()) {
        assertThat(Recorder.of(backend.infer(Servers.streamCall())).failure())
            .hasMessage("The model server could not be reached: connection timed out.");
      }
    } finally {
      for (SocketChannel channel : queued) {
        channel.close();
      }
    }
  }

  /** Returns a fault that silences a connection after the signal, and then reports that. */
  private Fault silentFrom(CompletableFuture<Void> signal) {
    return Faults.once(
        signal,
        link -> {
          silent.countDown();
          Faults.silence().carry(link);
        });
  }

  private static Optional<Boolean> ready(InferenceBackend backend) throws Exception {
    return backend.ready().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  /** A connection with short probe timeouts. */
  private static final class Probed implements AutoCloseable {
    private final UnaryCall brief = question(SHORT);
    private final UnaryCall patient = question(Duration.ofSeconds(20));
    final Connection connection;

    Probed(String target) {
      connection =
          new Connection(
              () ->
                  OpenChannel.owned(
                      Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
                          .disableRetry()
                          .build()),
              () -> {});
    }

    private static UnaryCall question(Duration limit) {
      return new UnaryCall(new Methods(null), CallSettings.NONE, limit);
    }

    /** Returns the answer, or the code of the failure; fails soon if the server is busy. */
    String ready() throws Exception {
      return ask(channel -> brief);
    }

    /** Returns the answer, or the code of the failure; allows for a busy machine. */
    String readyInTime() throws Exception {
      return ask(channel -> patient);
    }

    /** Allows for a busy machine, but not at a channel that does not answer. */
    String readyInTimeExceptAt(OpenChannel silent) throws Exception {
      return ask(channel -> channel == silent ? brief : patient);
    }

    private String ask(Function<OpenChannel, UnaryCall> question) throws Exception {
      return connection
          .probe(
              channel ->
                  question
                      .apply(channel)
                      .send(
                          channel,
                          GRPCInferenceServiceGrpc.getServerReadyMethod(),
                          ServerReadyRequest.getDefaultInstance())
                      .thenApply(ServerReadyResponse::getReady)
                      .handle(UnaryCall.emptyOn(BackendCode.UNIMPLEMENTED)))
          .handle(
              (ready, failure) ->
                  failure == null ? ready.orElseThrow().toString() : "" + StatusCodes.code(failure))
          .get(30, TimeUnit.SECONDS);
    }

    /** A stream that does not end by itself. */
    CompletableFuture<Status> call() {
      var end = new CompletableFuture<Status>();
      var call =
          connection.channel().channel().newCall(new Methods(null).stream(), CallOptions.DEFAULT);
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onClose(Status status, Metadata trailers) {
              end.complete(status);
            }
          },
          new Metadata());
      call.request(1);
      call.sendMessage(InferCodec.encode(Servers.streamCall().request()));
      call.halfClose();
      return end;
    }

    @Override
    public void close() {
      connection.close();
    }
  }

  /** Does not answer probes while the server is busy. */
  private final class Busy implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      if (call.getMethodDescriptor().getFullMethodName().endsWith("/ServerReady")) {
        questions.incrementAndGet();
        if (busy) {
          return new ServerCall.Listener<>() {};
        }
      }
      return next.startCall(call, headers);
    }
  }
}
