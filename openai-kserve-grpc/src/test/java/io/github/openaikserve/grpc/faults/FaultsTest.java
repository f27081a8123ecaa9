package io.github.openaikserve.grpc.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.testsupport.TestSubscriber;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Network faults between the library and a model server, over real sockets: the errors that clients
 * receive, and that no call, connection, socket, thread or buffer leaks.
 */
final class FaultsTest {
  private static final Duration LIMIT = Duration.ofSeconds(1);

  /** The timeout for faults without an answer. */
  private static final Duration SHORT = Duration.ofMillis(250);

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int TIMES = 2;
  private static final int MAX_MESSAGE = 50_000;
  private static final int NO_ERROR = 0;
  private static final int INTERNAL_ERROR = 2;
  private static final int REFUSED_STREAM = 7;
  private static final int CANCEL = 8;
  private static final int ENHANCE_YOUR_CALM = 11;

  private static TokenServer server;
  private static NettyLeaks buffers;

  @BeforeAll
  static void start() throws Exception {
    buffers = new NettyLeaks();
    server = new TokenServer();
    try (GrpcBackend warm = GrpcBackend.builder().target("127.0.0.1:" + server.port()).build()) {
      assertThat(ask(handler(warm, PATIENCE), true, "warm").status()).isEqualTo(200);
    }
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    assertThat(buffers.reports()).isEmpty();
    buffers.close();
  }

  static Stream<Arguments> beforeTheFirstToken() {
    return Stream.of(
        arguments("reset before headers", Faults.resetBeforeHeaders(), 503, "unavailable"),
        arguments("black hole", Faults.blackHole(), 504, "deadline_exceeded"),
        arguments("garbage frames", greeted(Faults.garbage()), 502, "internal"),
        arguments("RST_STREAM internal", reset(INTERNAL_ERROR), 502, "internal"),
        arguments("RST_STREAM cancel", reset(CANCEL), 502, "cancelled"),
        arguments("RST_STREAM refused", reset(REFUSED_STREAM), 503, "unavailable"),
        arguments("RST_STREAM calm", reset(ENHANCE_YOUR_CALM), 429, "resource_exhausted"),
        arguments("GOAWAY", Http2Fault.goAway(0, 0, NO_ERROR), 503, "unavailable"),
        arguments("GOAWAY internal", Http2Fault.goAway(0, 0, INTERNAL_ERROR), 502, "internal"));
  }

  private static Fault reset(int code) {
    return Http2Fault.resetStream(0, code);
  }

  private static Fault greeted(Fault fault) {
    return Faults.once(CompletableFuture.completedFuture(null), fault);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("beforeTheFirstToken")
  void aFaultBeforeTheFirstTokenIsAnHttpStatus(String name, Fault fault, int status, String code)
      throws Exception {
    leavesNothing(
        fault,
        status == 504 ? SHORT : LIMIT,
        handler -> {
          for (boolean stream : new boolean[] {false, true}) {
            Outcome outcome = ask(handler, stream, name);

            assertThat(outcome.status()).isEqualTo(status);
            assertThat(outcome.body()).contains("\"code\":\"" + code + "\"");
          }
        },
        TIMES);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("beforeTheFirstToken")
  void aFaultOfAnEmbeddingIsTheSameHttpStatus(String name, Fault fault, int status, String code)
      throws Exception {
    leavesNothing(
        fault,
        status == 504 ? SHORT : LIMIT,
        handler -> {
          Outcome outcome =
              send(handler, "/v1/embeddings", "{\"input\":\"" + name + "\"}", () -> {});

          assertThat(outcome.status()).isEqualTo(status);
          assertThat(outcome.body()).contains("\"code\":\"" + code + "\"");
        },
        TIMES);
  }

  @Test
  void anUnreachablePortIs503() throws Exception {
    int free;
    try (var socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    LeakCheck leakCheck = LeakCheck.before(ToxicProxy.THREADS);
    try (GrpcBackend backend = GrpcBackend.builder().target("127.0.0.1:" + free).build()) {
      assertThat(ask(handler(backend, PATIENCE), false, "a").status()).isEqualTo(503);
      assertThat(ask(handler(backend, PATIENCE), true, "a").status()).isEqualTo(503);
    }
    leakCheck.assertNone();
  }

  static Stream<Arguments> afterTheFirstToken() {
    return Stream.of(
        arguments("reset", Faults.reset(), "unavailable"),
        arguments("black hole", Faults.silence(), "deadline_exceeded"),
        arguments("garbage frames", Faults.garbage(), "internal"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("afterTheFirstToken")
  void aFaultInTheMiddleIsAnErrorEvent(String name, Fault fault, String code) throws Exception {
    var seen = new CompletableFuture<Void>();
    server.restAfter(new CompletableFuture<>());
    try {
      leavesNothing(
          Faults.once(seen, fault),
          handler -> assertEndsWithError(ask(handler, true, name, () -> seen.complete(null)), code),
          1);
    } finally {
      server.restAfter(CompletableFuture.completedFuture(null));
    }
  }

  static Stream<Arguments> framesAfterTheFirstToken() {
    return Stream.of(
        arguments("RST_STREAM", Http2Fault.resetStream(1, INTERNAL_ERROR), "internal"),
        arguments("GOAWAY", Http2Fault.goAway(1, 0, NO_ERROR), "unavailable"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("framesAfterTheFirstToken")
  void aFaultyFrameInTheMiddleOfAStreamIsAnErrorEvent(String name, Fault fault, String code)
      throws Exception {
    leavesNothing(fault, handler -> assertEndsWithError(ask(handler, true, name), code), 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aServerThatSendsGoAwayFinishesRunningStreams(boolean stream) throws Exception {
    leavesNothing(
        Http2Fault.goAway(1, Integer.MAX_VALUE, NO_ERROR),
        handler -> assertWhole(ask(handler, stream, "goodbye")));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAnswerThatArrivesByteByByteIsWhole(boolean stream) throws Exception {
    leavesNothing(
        Faults.trickle(), PATIENCE, handler -> assertWhole(ask(handler, stream, "slowly")), 1);
  }

  @Test
  void aMessageOverTheLimitIsAnErrorBeforeAndAfterTheFirstToken() throws Exception {
    leavesNothing(
        Faults.none(),
        handler -> {
          Outcome whole = ask(handler, false, TokenServer.HUGE);
          Outcome streamed = ask(handler, true, TokenServer.HUGE);

          assertThat(whole.status()).isEqualTo(502);
          assertThat(whole.body())
              .contains("\"code\":\"response_too_large\"")
              .contains("the limit of " + MAX_MESSAGE);
          assertEndsWithError(streamed, "response_too_large");
        });
  }

  @Test
  void aStoppedReaderStopsTheServer() throws Exception {
    leavesNothing(
        Faults.none(),
        PATIENCE,
        handler -> {
          int before = server.sent();
          var reader = new TestSubscriber<ByteBuffer>(1);
          ApiResponse response =
              handler.handle(chat(true, TokenServer.ENDLESS)).get(20, TimeUnit.SECONDS);
          response.body().subscribe(reader);
          reader.awaitItems(1);
          int settled = settled();

          assertThat(settled - before).as("kilobytes on their way").isLessThan(2000);
          reader.cancel();
        },
        1);
  }

  @Test
  void theLeakCheckFindsOpenResources() throws Exception {
    LeakCheck leakCheck = LeakCheck.before(ToxicProxy.THREADS);
    try (ToxicProxy proxy = ToxicProxy.before(server.port(), Faults.none())) {
      assertThat(proxy.port()).isPositive();
      assertThat(leakCheck.left()).containsKey("threads " + ToxicProxy.THREADS);
    }
    leakCheck.assertNone();
  }

  private static void leavesNothing(Fault fault, Use use) throws Exception {
    leavesNothing(fault, use, TIMES);
  }

  private static void leavesNothing(Fault fault, Use use, int times) throws Exception {
    leavesNothing(fault, LIMIT, use, times);
  }

  private static void leavesNothing(Fault fault, Duration limit, Use use, int times)
      throws Exception {
    LeakCheck leakCheck =
        LeakCheck.before(ToxicProxy.THREADS).with("calls of the server", server::open);
    try (ToxicProxy proxy = ToxicProxy.before(server.port(), fault);
        GrpcBackend backend =
            GrpcBackend.builder().target(proxy.target()).maxMessageSize(MAX_MESSAGE).build()) {
      for (int i = 0; i < times; i++) {
        use.with(handler(backend, limit));
      }
    }
    leakCheck.assertNone();
  }

  /** Waits until the server has sent nothing for a while. */
  private static int settled() {
    int last;
    int now = -1;
    do {
      last = now;
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      now = server.sent();
    } while (now != last);
    return now;
  }

  private static OpenAiHandler handler(GrpcBackend backend, Duration limit) {
    return OpenAiKServe.builder(backend)
        .model("m", m -> m.dialect(Dialects.ANYSERVE).timeout(limit))
        .build()
        .httpHandler();
  }

  private static ApiRequest chat(boolean stream, String text) {
    return request(
        "/v1/chat/completions",
        "{\"model\":\"m\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted(stream, text));
  }

  private static ApiRequest request(String path, String body) {
    return new ApiRequest("POST", path, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  private static Outcome ask(OpenAiHandler handler, boolean stream, String text) throws Exception {
    return ask(handler, stream, text, () -> {});
  }

  private static Outcome ask(OpenAiHandler handler, boolean stream, String text, Runnable onBytes)
      throws Exception {
    return read(handler.handle(chat(stream, text)).get(20, TimeUnit.SECONDS), onBytes);
  }

  private static Outcome send(OpenAiHandler handler, String path, String body, Runnable onBytes)
      throws Exception {
    return read(handler.handle(request(path, body)).get(20, TimeUnit.SECONDS), onBytes);
  }

  private static Outcome read(ApiResponse response, Runnable onBytes) throws IOException {
    var bytes =
        new ByteArrayOutputStream() {
          @Override
          public void flush() {
            onBytes.run();
          }
        };
    response.body().writeTo(bytes);
    return new Outcome(response.status(), bytes.toString(StandardCharsets.UTF_8));
  }

  private static void assertWhole(Outcome outcome) {
    assertThat(outcome.status()).isEqualTo(200);
    assertThat(outcome.body().split("word ", -1)).hasSize(TokenServer.TOKENS + 1);
    assertThat(outcome.body()).contains("\"finish_reason\":\"stop\"").doesNotContain("error");
  }

  private static void assertEndsWithError(Outcome outcome, String code) {
    assertThat(outcome.status()).isEqualTo(200);
    String events = outcome.body();
    List<String> all = List.of(events.strip().split("\n\n", -1));
    assertThat(all.get(all.size() - 1))
        .startsWith("event: error\ndata: {\"error\":")
        .contains(code);
    assertThat(events).contains("word ").doesNotContain("[DONE]").doesNotContain("\"stop\"");
  }

  private record Outcome(int status, String body) {}

  private interface Use {
    void with(OpenAiHandler handler) throws Exception;
  }
}
