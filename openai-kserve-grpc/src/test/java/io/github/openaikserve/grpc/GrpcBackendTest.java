package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Over real netty on loopback. */
final class GrpcBackendTest {
  @AutoClose private final Resources resources = new Resources();

  @Test
  void streamsWorkWithBothDeclarationsOfTheRpc() throws Exception {
    var service =
        ScriptedService.streaming(
            (request, responses) -> {
              responses.onNext(Servers.chunk("a"));
              responses.onNext(Servers.chunk("b"));
              responses.onCompleted();
            });

    assertThat(Recorder.of(connect(resources.start(service)).infer(Servers.streamCall())).texts())
        .containsExactly("a", "b");
    Server bidi = resources.start(service.asBidi());
    assertThat(Recorder.of(connect(bidi).infer(Servers.streamCall())).texts())
        .containsExactly("a", "b");
  }

  @Test
  void responsesArriveInOrderWhenRequestedOneByOne() throws Exception {
    Server server =
        resources.start(
            ScriptedService.streaming(
                (request, responses) -> {
                  IntStream.range(0, 1000).forEach(i -> responses.onNext(Servers.chunk("t" + i)));
                  responses.onCompleted();
                }));

    assertThat(Recorder.of(connect(server).infer(Servers.streamCall())).texts())
        .isEqualTo(IntStream.range(0, 1000).mapToObj(i -> "t" + i).toList());
  }

  @Test
  void anErrorOnAStreamIsShownWithoutItsTraceback() throws Exception {
    Server server =
        resources.start(
            ScriptedService.streaming(
                (request, responses) -> {
                  responses.onNext(Servers.chunk("a"));
                  responses.onNext(
                      ModelStreamInferResponse.newBuilder()
                          .setErrorMessage(
                              "Error in stream handler: out of memory\n"
                                  + "Traceback (most recent call last):\n"
                                  + "  File \"/opt/anyserve/app.py\", line 5, in handler\n")
                          .build());
                  responses.onCompleted();
                }));

    Throwable failure = Recorder.of(connect(server).infer(Servers.streamCall())).failure();

    assertThat(failure)
        .isInstanceOf(BackendException.class)
        .hasMessage("The model server reported an error: Error in stream handler: out of memory");
    assertThat(((BackendException) failure).status()).isEqualTo(502);
  }

  @Test
  void aStreamMessageWithoutResponseOrErrorIsAFailure() throws Exception {
    Server server =
        resources.start(
            ScriptedService.streaming(
                (request, responses) -> {
                  responses.onNext(ModelStreamInferResponse.getDefaultInstance());
                  responses.onCompleted();
                }));

    assertThat(Recorder.of(connect(server).infer(Servers.streamCall())).failure())
        .isInstanceOf(DialectException.class);
  }

  @Test
  void aUnaryCallWithoutAnAnswerIsAFailure() throws Exception {
    Server server =
        resources.start(ScriptedService.unary((request, responses) -> responses.onCompleted()));

    assertThat(Recorder.of(connect(server).infer(Servers.unaryCall())).failure())
        .isInstanceOf(BackendException.class);
  }

  @Test
  void answersOverFourMebibytesAreAccepted() throws Exception {
    ByteString large = ByteString.copyFrom(new byte[5 << 20]);
    Server server =
        resources.start(
            ScriptedService.unary(
                (request, responses) -> {
                  responses.onNext(Servers.response(large));
                  responses.onCompleted();
                }));

    assertThat(Recorder.of(connect(server).infer(Servers.unaryCall())).texts().get(0))
        .hasSize(5 << 20);
  }

  @Test
  void answersOverTheLimitAreRefused() throws Exception {
    Server server =
        resources.start(
            ScriptedService.unary(
                (request, responses) -> {
                  responses.onNext(Servers.response("x".repeat(5000)));
                  responses.onCompleted();
                }));
    GrpcBackend backend =
        resources.add(
            GrpcBackend.builder().target(Servers.target(server)).maxMessageSize(1000).build());

    assertThat(Recorder.of(backend.infer(Servers.unaryCall())).failure())
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.backendCode()).isEqualTo(BackendCode.RESPONSE_TOO_LARGE));
  }

  @Test
  void anUnreachableServerIsUnavailable() throws Exception {
    GrpcBackend backend = resources.add(Servers.connect("127.0.0.1:" + freePort()));

    assertThat(Recorder.of(backend.infer(Servers.streamCall())).failure())
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> {
              assertThat(e.status()).isEqualTo(503);
              assertThat(e)
                  .hasMessage("The model server could not be reached: connection refused.");
            });
    Servers.assertNotReady(backend);
  }

  @Test
  void aMalformedAnswerIsAFailure() throws Exception {
    Server server =
        Servers.start(
            () ->
                ServerServiceDefinition.builder(GRPCInferenceServiceGrpc.SERVICE_NAME)
                    .addMethod(
                        MethodDescriptor.<byte[], byte[]>newBuilder()
                            .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
                            .setFullMethodName(
                                GRPCInferenceServiceGrpc.getModelStreamInferMethod()
                                    .getFullMethodName())
                            .setRequestMarshaller(new Garbage())
                            .setResponseMarshaller(new Garbage())
                            .build(),
                        ServerCalls.asyncServerStreamingCall(
                            (request, responses) -> {
                              responses.onNext(new byte[] {(byte) 0xff, 1, 2, 3});
                              responses.onCompleted();
                            }))
                    .build());
    resources.add(server);

    assertThat(Recorder.of(connect(server).infer(Servers.streamCall())).failure())
        .isInstanceOfSatisfying(BackendException.class, e -> assertThat(e.status()).isEqualTo(502));
  }

  @Test
  void aServerThatDiesMidStreamIsUnavailable() throws Exception {
    Server server =
        resources.start(
            ScriptedService.streaming(
                (request, responses) -> responses.onNext(Servers.chunk("a"))));
    Recorder recorder = Recorder.of(connect(server).infer(Servers.streamCall()));
    recorder.first();

    server.shutdownNow();

    assertThat(recorder.failure())
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.status()).isBetween(502, 503));
  }

  @Test
  void aCallFailsAtItsTimeout() throws Exception {
    var service = ScriptedService.streaming((request, responses) -> {});
    GrpcBackend backend = connect(resources.start(service));
    backend.serverMetadata().toCompletableFuture().get(20, TimeUnit.SECONDS); // connects

    Throwable failure =
        Recorder.of(backend.infer(Servers.streamCall().withTimeout(Duration.ofMillis(200))))
            .failure();

    assertThat(failure)
        .isInstanceOfSatisfying(BackendException.class, e -> assertThat(e.status()).isEqualTo(504));
    assertThat(service.cancelled).succeedsWithin(10, TimeUnit.SECONDS);
  }

  @Test
  void theBackendsTimeoutAppliesToCallsWithoutOne() throws Exception {
    Server server = resources.start(ScriptedService.streaming((request, responses) -> {}));
    GrpcBackend backend =
        resources.add(
            GrpcBackend.builder()
                .target(Servers.target(server))
                .timeout(Duration.ofMillis(200))
                .build());

    assertThat(Recorder.of(backend.infer(Servers.streamCall())).failure())
        .isInstanceOfSatisfying(BackendException.class, e -> assertThat(e.status()).isEqualTo(504));
  }

  @Test
  void headersAreSentWithEveryCall() throws Exception {
    Map<String, String> seen = new ConcurrentHashMap<>();
    var service = ScriptedService.streaming((request, responses) -> responses.onCompleted());
    Server server =
        resources.start(() -> ServerInterceptors.intercept(service, new HeaderRecorder(seen)));
    GrpcBackend backend =
        resources.add(
            GrpcBackend.builder()
                .target(Servers.target(server))
                .metadata("x-tenant", "blue")
                .build());

    Recorder.of(backend.infer(Servers.streamCall())).texts();

    assertThat(seen).containsEntry("x-tenant", "blue");
  }

  @Test
  void theStreamPortIsFoundAndRemembered() throws Exception {
    var dispatcher = ScriptedService.failing(Status.UNIMPLEMENTED);
    var worker = ScriptedService.answering("from the worker");
    GrpcBackend backend = connectPair(dispatcher, worker);

    for (int i = 0; i < 3; i++) {
      assertThat(Recorder.of(backend.infer(Servers.streamCall())).texts())
          .containsExactly("from the worker");
    }

    assertThat(dispatcher.calls).hasValue(1);
    assertThat(worker.calls).hasValue(3);
  }

  @Test
  void noStreamsOnEitherPortIsUnimplemented() throws Exception {
    ScriptedService without = ScriptedService.failing(Status.UNIMPLEMENTED);
    GrpcBackend backend = connectPair(without, without);

    assertThat(Recorder.of(backend.infer(Servers.streamCall())).failure())
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.backendCode()).isEqualTo(BackendCode.UNIMPLEMENTED));
  }

  @Test
  void aStreamPortThatCannotBeReachedIsUnavailable() throws Exception {
    Server dispatcher = resources.start(ScriptedService.failing(Status.UNIMPLEMENTED));
    int offset = freePort() - dispatcher.getPort();
    GrpcBackend backend =
        resources.add(
            GrpcBackend.builder()
                .target(Servers.target(dispatcher))
                .streamPortOffset(offset)
                .build());

    assertThat(Recorder.of(backend.infer(Servers.streamCall())).failure())
        .hasMessage(
            "The model server answers, but its stream port cannot be reached"
                + " (connection refused).")
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.backendCode()).isEqualTo(BackendCode.UNAVAILABLE));
  }

  @Test
  void anUnreachableStreamTargetIsNamedInTheError() throws Exception {
    Server server = resources.start(ScriptedService.streaming((request, responses) -> {}));
    GrpcBackend backend =
        resources.add(
            GrpcBackend.builder()
                .target(Servers.target(server))
                .streamTarget("127.0.0.1:" + freePort())
                .build());

    assertThat(Recorder.of(backend.infer(Servers.streamCall())).failure())
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.backendCode()).isEqualTo(BackendCode.UNAVAILABLE));
  }

  @Test
  void readinessIsReportedByTheServerOrUnknown() throws Exception {
    Server server = resources.start(ScriptedService.streaming((request, responses) -> {}));
    GrpcBackend backend = connect(server);

    assertThat(backend.ready().toCompletableFuture().get(10, TimeUnit.SECONDS)).contains(true);
    assertThat(backend.modelReady("m", "").toCompletableFuture().get(10, TimeUnit.SECONDS))
        .isEmpty();
    assertThat(backend.serverMetadata().toCompletableFuture().get(10, TimeUnit.SECONDS))
        .isEqualTo(Optional.empty());
    assertThat(backend.modelMetadata("m", "").toCompletableFuture().get(10, TimeUnit.SECONDS))
        .isEmpty();
  }

  @Test
  void closingEndsCallsInFlightAndRefusesNewOnes() throws Exception {
    var reached = new CountDownLatch(1);
    Server server =
        resources.start(ScriptedService.streaming((request, responses) -> reached.countDown()));
    GrpcBackend backend = connect(server);
    Recorder inFlight = Recorder.of(backend.infer(Servers.streamCall()));
    reached.await();

    backend.close();
    backend.close();

    assertThat(inFlight.failure()).isInstanceOf(BackendException.class);
    assertThat(Recorder.of(backend.infer(Servers.streamCall())).failure())
        .isInstanceOf(BackendException.class);
  }

  @Test
  void aChannelOfTheCallerRemainsOpen() throws Exception {
    String name = InProcessServerBuilder.generateName();
    resources.add(
        InProcessServerBuilder.forName(name)
            .addService(ScriptedService.streaming((request, responses) -> responses.onCompleted()))
            .build()
            .start());
    var channel = InProcessChannelBuilder.forName(name).build();

    GrpcBackend.over(channel).close();

    assertThat(channel.isShutdown()).isFalse();
    channel.shutdownNow();
  }

  /** Starts two servers; returns a backend whose streams may be at the port of the second. */
  private GrpcBackend connectPair(ScriptedService first, ScriptedService second) throws Exception {
    int port = resources.start(first).getPort();
    int offset = resources.start(second).getPort() - port;
    return resources.add(
        GrpcBackend.builder().target("127.0.0.1:" + port).streamPortOffset(offset).build());
  }

  private GrpcBackend connect(Server server) {
    return resources.add(Servers.connect(Servers.target(server)));
  }

  private static int freePort() throws Exception {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private record HeaderRecorder(Map<String, String> seen) implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      for (String key : headers.keys()) {
        if (!key.endsWith("-bin")) {
          seen.put(
              key,
              String.valueOf(headers.get(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER))));
        }
      }
      return Contexts.interceptCall(Context.current(), call, headers, next);
    }
  }

  /** A marshaller that passes bytes through. */
  private static final class Garbage implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      return new byte[0];
    }
  }
}
