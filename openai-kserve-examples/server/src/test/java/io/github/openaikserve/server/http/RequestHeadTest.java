package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.key.ApiKeyHandler;
import io.github.openaikserve.server.limits.RequestNotes;
import io.github.openaikserve.server.testing.Script;
import io.github.openaikserve.server.testing.Wire;
import io.github.openaikserve.server.ui.PageHandler;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Decisions by the head of a request, before its body is read, over real sockets. */
final class RequestHeadTest extends ServerTest {
  private static final int LARGE = 1 << 20;

  @ParameterizedTest
  @ValueSource(
      strings = {"content-length: 1048576", "transfer-encoding: chunked", "content-length: 1"})
  void aRequestWithoutAKeyIsRejectedBeforeItsBodyArrives(String length) throws Exception {
    start(new ApiKeyHandler(Script.echo(), List.of("k")));

    assertThat(
            answer(
                "POST /x HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\n" + length + "\r\n\r\n",
                "invalid_api_key"))
        .startsWith("HTTP/1.1 401 ")
        .doesNotContain("100 Continue");
  }

  @Test
  void aRejectionOfASmallRequestKeepsTheConnection() throws Exception {
    start(new ApiKeyHandler(Script.echo(), List.of("k")));

    try (Wire wire = connect()) {
      wire.send(Wire.post("a")).readUntil("invalid_api_key");
      wire.send("POST /x HTTP/1.1\r\nx-api-key: k\r\ncontent-length: 1\r\n\r\nb");

      wire.readUntil("POST /x b");
    }
  }

  @Test
  void theKeyIsCheckedBeforeTheSize() throws Exception {
    server =
        ReferenceServer.start(
            new ApiKeyHandler(Script.echo(), List.of("k")), ServerOptions.defaults());

    assertThat(answer("POST /x HTTP/1.1\r\ncontent-length: 99999999999\r\n\r\n", "invalid_api_key"))
        .startsWith("HTTP/1.1 401 ");
  }

  @Test
  void anUnknownPathIsRejectedBeforeItsBodyArrives() throws Exception {
    start(
        new Rejecting(
            new InvalidRequestException(404, "unknown_url", null, "There is no such path.")));

    assertThat(answer("POST /x HTTP/1.1\r\ncontent-length: " + LARGE + "\r\n\r\n", "unknown_url"))
        .startsWith("HTTP/1.1 404 ");
  }

  @Test
  void moreHeadersThanAnyClientSendsAre431() throws Exception {
    start(Script.echo());

    try (Wire wire = connect()) {
      wire.send("GET /x HTTP/1.1\r\n" + headers(100) + "\r\n").readUntil("GET /x");
      wire.send("GET /x HTTP/1.1\r\n" + headers(101) + "\r\n");

      assertThat(wire.readUntil("headers_too_large")).contains("HTTP/1.1 431 ");
    }
  }

  @Test
  void aLargeBodyIsParsedWhileOtherClientsAreServed() throws Exception {
    var entered = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    start(
        new Script(
            request -> {
              if (request.body().length > 64 << 10) {
                entered.countDown();
                await(leave);
              }
              return CompletableFuture.completedFuture(
                  Script.text(200, "length " + request.body().length));
            }));
    int clients = 2 * Runtime.getRuntime().availableProcessors();

    try (Wire large = connect()) {
      large.send(Wire.post("a".repeat(LARGE)));
      assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
      for (int i = 0; i < clients; i++) { // each event loop has some of them
        try (Wire small = connect()) {
          small.send(Wire.post("a")).readUntil("length 1");
        }
      }
      leave.countDown();
      large.readUntil("length " + LARGE);
    }
  }

  @Test
  void aClientThatDisconnectsWhileItsLargeBodyIsParsedCancelsTheCall() throws Exception {
    var entered = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    var answer = new CompletableFuture<ApiResponse>();
    start(
        new Script(
            request -> {
              entered.countDown();
              await(leave);
              return answer;
            }));

    try (Wire large = connect()) {
      large.send(Wire.post("a".repeat(LARGE)));
      assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
    }
    leave.countDown();

    assertThat(answer.handle((ready, failure) -> answer.isCancelled()).get(20, TimeUnit.SECONDS))
        .isTrue();
  }

  @Test
  void anErrorOfTheHandlerIsAnsweredWith500() throws Exception {
    start(
        new Script(
            request -> {
              throw new StackOverflowError();
            }));

    assertThat(answer(Wire.post("a"), "\r\n\r\n")).startsWith("HTTP/1.1 500 ");
  }

  /** Requests that take no body, or that have no valid key. */
  static Stream<String> withoutBody() {
    return Stream.of(
        "GET /x HTTP/1.1\r\nx-api-key: k\r\n",
        "HEAD /x HTTP/1.1\r\nx-api-key: k\r\n",
        "OPTIONS /x HTTP/1.1\r\nx-api-key: k\r\n",
        "GET / HTTP/1.1\r\n",
        "HEAD / HTTP/1.1\r\n",
        "GET /health/live HTTP/1.1\r\n",
        "POST /health HTTP/1.1\r\n",
        "OPTIONS * HTTP/1.1\r\n",
        "OPTIONS /x HTTP/1.1\r\norigin: https://a.example\r\n"
            + "access-control-request-method: POST\r\n",
        "POST /x HTTP/1.1\r\n");
  }

  @ParameterizedTest
  @MethodSource("withoutBody")
  void theBodyOfARequestThatTakesNoneIsNotStored(String head) throws Exception {
    var registry = new SimpleMeterRegistry();
    List<Integer> lengths = new CopyOnWriteArrayList<>();
    var handler =
        new Script(
            request -> {
              lengths.add(request.body().length);
              return CompletableFuture.completedFuture(
                  Script.text(200, "length " + request.body().length));
            });
    server =
        ReferenceServer.start(
            new PageHandler(new ApiKeyHandler(handler, List.of("k"))),
            ServerOptions.builder().corsOrigins(List.of("https://a.example")).build(),
            new HttpMeters(registry),
            new RequestNotes());
    Gauge free = registry.get("openai_kserve.http.body_bytes.free").gauge();
    double all = free.value();

    try (Wire wire = connect()) {
      wire.send(head + "content-encoding: gzip\r\ncontent-length: 60000\r\n\r\n");
      for (int i = 0; i < 60; i++) {
        wire.send("a".repeat(1000));
        assertThat(free.value()).isEqualTo(all);
      }
      wire.send("POST /x HTTP/1.1\r\nx-api-key: k\r\ncontent-length: 1\r\n\r\nb");

      wire.readUntil("length 1");
    }
    assertThat(free.value()).isEqualTo(all);
    assertThat(lengths).isSubsetOf(0, 1);
    assertThat(answer(head + "content-length: 1000000\r\n\r\n" + "a".repeat(1_000_000)))
        .matches("(?s)HTTP/1.1 4(01|13) .*");
  }

  private static String headers(int count) {
    var headers = new StringBuilder();
    for (int i = 0; i < count; i++) {
      headers.append("x-").append(i).append(": 1\r\n");
    }
    return headers.toString();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A handler that rejects each request by its head, and must not receive a body. */
  private record Rejecting(OpenAiException error) implements OpenAiHandler {
    @Override
    public CompletableFuture<ApiResponse> handle(ApiRequest request) {
      throw new AssertionError("the request was to be rejected");
    }

    @Override
    public Optional<ApiResponse> reject(ApiRequest head) {
      return Optional.of(refuse(head, error));
    }

    @Override
    public ApiResponse refuse(ApiRequest request, OpenAiException refusal) {
      return Script.text(refusal.status(), String.valueOf(refusal.code()));
    }
  }
}
