package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.grpc.faults.Fault;
import io.github.openaikserve.grpc.faults.Faults;
import io.github.openaikserve.grpc.faults.Http2Fault;
import io.github.openaikserve.grpc.faults.ToxicProxy;
import io.github.openaikserve.grpc.internal.status.StatusOrigin;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real netty. */
final class StatusOriginTest {
  private static final int NO_ERROR = 0;
  private static final int INTERNAL_ERROR = 2;
  private static final int CANCEL = 8;

  private static volatile Status refusal = Status.OK;
  private static volatile boolean answersFirst;
  private static Server server;

  @BeforeAll
  static void start() throws Exception {
    server =
        Servers.start(
            ScriptedService.streaming(
                (request, responses) -> {
                  if (answersFirst) {
                    responses.onNext(Servers.chunk("a"));
                    responses.onNext(Servers.chunk("b".repeat(40_000))); // several frames
                  }
                  if (!refusal.isOk()) {
                    responses.onError(refusal.asRuntimeException());
                  }
                }));
  }

  @AfterAll
  static void stop() throws Exception {
    server.shutdownNow().awaitTermination();
  }

  /** Statuses with a description, without one, and with one that transports use. */
  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"UNAVAILABLE", "INTERNAL", "UNKNOWN", "CANCELLED", "DEADLINE_EXCEEDED"})
  void aStatusInTrailersIsAttributedToTheServer(Status.Code code) throws Exception {
    for (boolean first : new boolean[] {false, true}) {
      answersFirst = first;
      for (String words : new String[] {null, "out of memory", "io exception"}) {
        refusal = code.toStatus().withDescription(words);

        assertThat(origin(Servers.target(server)))
            .as("%s %s after an answer: %s", code, words, first)
            .isEqualTo(StatusOrigin.SERVER);
      }
    }
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        arguments("reset", Faults.resetBeforeHeaders(), StatusOrigin.CONNECTION),
        arguments("garbage", Faults.garbage(), StatusOrigin.CONNECTION),
        arguments("RST_STREAM", Http2Fault.resetStream(0, INTERNAL_ERROR), StatusOrigin.STREAM),
        arguments("RST_STREAM later", Http2Fault.resetStream(1, CANCEL), StatusOrigin.STREAM),
        arguments("GOAWAY", Http2Fault.goAway(0, 0, NO_ERROR), StatusOrigin.CONNECTION),
        arguments("GOAWAY later", Http2Fault.goAway(1, 0, NO_ERROR), StatusOrigin.CONNECTION),
        arguments(
            "GOAWAY internal", Http2Fault.goAway(0, 0, INTERNAL_ERROR), StatusOrigin.CONNECTION));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void aNetworkFaultIsNotAttributedToTheServer(String name, Fault fault, StatusOrigin expected)
      throws Exception {
    answersFirst = true;
    refusal = Status.OK.withDescription(name);
    try (ToxicProxy proxy = ToxicProxy.before(server.getPort(), fault)) {
      assertThat(origin(proxy.target())).isEqualTo(expected);
    }
  }

  @Test
  void aConnectionResetDuringAStreamIsAttributedToTheConnection() throws Exception {
    answersFirst = true;
    refusal = Status.OK;
    try (ToxicProxy proxy = ToxicProxy.before(server.getPort(), Faults.none())) {
      var ended = new Ended(proxy::resetAll);
      assertThat(origin(proxy.target(), ended)).isEqualTo(StatusOrigin.CONNECTION);
    }
  }

  @Test
  void aRefusedConnectionIsNotAttributedToTheServer() throws Exception {
    int free;
    try (var socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    assertThat(origin("127.0.0.1:" + free)).isEqualTo(StatusOrigin.CONNECTION);
    assertThat(origin("no-such-host.invalid:1")).isEqualTo(StatusOrigin.CONNECTION);
  }

  @Test
  void aResponseOfAnHttpServerIsNotAttributedToTheServer() throws Exception {
    try (RegistryServer http = RegistryServer.start(RegistryServer.json("{}"))) {
      assertThat(origin("127.0.0.1:" + http.port())).isEqualTo(StatusOrigin.CONNECTION);
    }
  }

  /** Responses of a server that ends a stream without a status, and of a proxy. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "missing GRPC status in response",
        "HTTP status code 502\ninvalid content-type: text/html\nheaders: ...",
        "headers not received before payload"
      })
  void aResponseThatIsNotGrpcIsNotAttributedToTheServer(String words) {
    var trailers = new Metadata();
    trailers.put(Metadata.Key.of("content-type", Metadata.ASCII_STRING_MARSHALLER), "text/html");

    assertThat(StatusOrigin.of(Status.UNKNOWN.withDescription(words), trailers, true))
        .isEqualTo(StatusOrigin.STREAM);
  }

  @Test
  void failuresReportWhetherTheServerSentThem() throws Exception {
    answersFirst = false;
    refusal = Status.UNAVAILABLE.withDescription("engine is dead");
    try (var backend = Servers.connect(Servers.target(server))) {
      assertThat(Recorder.of(backend.infer(Servers.streamCall())).failure())
          .isInstanceOfSatisfying(
              BackendException.class, e -> assertThat(e.saidByServer()).isTrue());
    }
    try (var nowhere = Servers.connect("no-such-host.invalid:1")) {
      assertThat(Recorder.of(nowhere.infer(Servers.streamCall())).failure())
          .isInstanceOfSatisfying(
              BackendException.class, e -> assertThat(e.saidByServer()).isFalse());
    }
  }

  private static StatusOrigin origin(String target) throws Exception {
    return origin(target, new Ended(() -> {}));
  }

  private static StatusOrigin origin(String target, Ended ended) throws Exception {
    ManagedChannel channel =
        Grpc.newChannelBuilder(target, InsecureChannelCredentials.create()).disableRetry().build();
    try {
      ClientCall<ModelInferRequest, ModelStreamInferResponse> call =
          channel.newCall(
              GRPCInferenceServiceGrpc.getModelStreamInferMethod(), CallOptions.DEFAULT);
      call.start(ended, new Metadata());
      call.request(10);
      call.sendMessage(ModelInferRequest.getDefaultInstance());
      call.halfClose();
      return ended.origin.get(20, TimeUnit.SECONDS);
    } finally {
      channel.shutdownNow();
    }
  }

  private interface Act {
    void run() throws Exception;
  }

  private static final class Ended extends ClientCall.Listener<ModelStreamInferResponse> {
    private final CompletableFuture<StatusOrigin> origin = new CompletableFuture<>();
    private final Act onMessage;
    private boolean headers;

    Ended(Act onMessage) {
      this.onMessage = onMessage;
    }

    @Override
    public void onHeaders(Metadata received) {
      headers = true;
    }

    @Override
    public void onMessage(ModelStreamInferResponse message) {
      try {
        onMessage.run();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (status.isOk()) {
        origin.completeExceptionally(new AssertionError("it ended well"));
      } else {
        origin.complete(StatusOrigin.of(status, trailers, headers));
      }
    }
  }
}
