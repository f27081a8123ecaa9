package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.testing.Script;
import io.github.openaikserve.server.testing.Wait;
import io.github.openaikserve.server.testing.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections of the server, independent of the handler. */
final class ConnectionsTest extends ServerTest {
  private static final int MAX_BODY = 1024;
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(200);

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    var first = new CompletableFuture<ApiResponse>();
    var received = new CountDownLatch(1);
    start(
        new Script(
            request -> {
              received.countDown();
              return request.body()[0] == 'a' ? first : Script.echo().handle(request);
            }),
        LONG);

    try (Wire wire = connect()) {
      wire.send(Wire.post("a") + Wire.post("b") + Wire.post("c"));
      received.await();
      first.complete(Script.text(200, "first;"));

      assertThat(wire.readUntil("POST /x c")).containsSubsequence("first;", "POST /x b");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://elsewhere/v1/models?a=b, GET /v1/models?a=b",
    "/v1/models?a=b,                 GET /v1/models?a=b",
    "/v1/models/a%2Fb,               GET /v1/models/a%2Fb",
    "*,                              GET *",
  })
  void theHandlerReceivesThePathOfEveryFormOfTarget(String target, String seen) throws Exception {
    start(Script.echo(), LONG);

    assertThat(answer("GET " + target + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"))
        .endsWith("\r\n\r\n" + seen + " ");
  }

  @Test
  void headersThatAreTooLargeAre431InOpenAisShape() throws Exception {
    server = ReferenceServer.start(Script.echo(), ServerOptions.builder().maxHeaders(200).build());

    assertThat(answer("GET /x HTTP/1.1\r\nhost: x\r\nx-long: " + "a".repeat(300) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ")
        .contains("connection: close")
        .endsWith("headers_too_large");
    assertThat(answer("GET /x HTTP/1.1\r\nx: " + "a".repeat(100) + "\r\nconnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @CsvSource({
    "GET /x HTTP/1.1\\r\\nno colon\\r\\n\\r\\n, 400, malformed_request",
    "GET /LONG HTTP/1.1\\r\\n\\r\\n, 414, url_too_long"
  })
  void malformedRequestsAreRefusedInOpenAisShape(String bytes, int status, String code)
      throws Exception {
    start(Script.echo(), LONG);

    assertThat(answer(bytes.replace("\\r\\n", "\r\n").replace("LONG", "a".repeat(20_000))))
        .matches("(?s)HTTP/1\\.[01] " + status + " .*" + code);
  }

  @Test
  void theSenderOfATooLargeBodyReceivesTheRefusalAndIsDisconnected() throws Exception {
    start(Script.echo(), LONG);

    assertThat(answer(Wire.post("x".repeat(8 << 20))))
        .startsWith("HTTP/1.1 413")
        .endsWith("request_too_large");
  }

  @Test
  void aTooLargeBodyReceivesNoContinue() throws Exception {
    start(Script.echo(), LONG);

    assertThat(
            answer(
                "POST /x HTTP/1.1\r\n"
                    + "host: x\r\n"
                    + "expect: 100-continue\r\n"
                    + "content-length: 2000\r\n\r\n",
                "request_too_large"))
        .startsWith("HTTP/1.1 413");
  }

  @Test
  void anAcceptedBodyReceivesContinue() throws Exception {
    start(Script.echo(), LONG);

    try (Wire wire = connect()) {
      wire.send("POST /x HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n");
      assertThat(wire.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100");

      assertThat(wire.send("hi").readUntil("POST /x hi")).startsWith("HTTP/1.1 200");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hi", ""})
  void anExpectationOfHttp10IsIgnored(String body) throws Exception {
    start(Script.echo(), LONG);

    assertThat(
            answer(
                "POST /x HTTP/1.0\r\nexpect: 100-continue\r\ncontent-length: %d\r\n\r\n%s"
                    .formatted(body.length(), body)))
        .startsWith("HTTP/1.0 200")
        .endsWith("POST /x " + body);
  }

  @Test
  void aBodyThatDoesNotArriveIsATimeout() throws Exception {
    start(Script.echo(), SHORT);

    assertThat(answer("POST /x HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf"))
        .startsWith("HTTP/1.1 408")
        .endsWith("request_timeout");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "POST /x HT", "GET /x HTTP/1.1\r\nhost: x\r\n\r\n"})
  void aConnectionWithoutACompleteRequestIsClosed(String sent) throws Exception {
    start(Script.echo(), SHORT);

    assertThat(answer(sent)).endsWith(sent.startsWith("GET") ? "GET /x " : "");
  }

  @Test
  void theRequestTimeoutDoesNotLimitTheResponse() throws Exception {
    var events = new SubmissionPublisher<ByteBuffer>();
    start(streaming(events), SHORT);

    try (Wire wire = connect();
        Wire bystander = connect()) {
      wire.send(Wire.post("a"));
      submit(events, "one");
      wire.readUntil("one");
      assertThat(bystander.readAll()).isEmpty(); // its request timed out after the stream has ended
      assertThat(events.hasSubscribers()).isTrue();
      submit(events, "two");
      events.close();

      assertThat(wire.readUntil("\r\n0\r\n\r\n")).contains("two");
    }
  }

  @Test
  void closingWaitsForASlowReader() throws Exception {
    byte[] large = new byte[16 << 20];
    start(
        new Script(
            request ->
                CompletableFuture.completedFuture(
                    new ApiResponse(200, Map.of(), ApiBody.of(large)))),
        LONG);

    try (Wire wire = new Wire(server.port(), 4 << 10)) {
      wire.send(Wire.post("a"));
      String head = wire.readUntil("\r\n\r\n");
      CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
      awaitRefusal();

      assertThat(head).contains("content-length: " + large.length);
      assertThat(wire.readAll()).hasSize(large.length);
      closing.get(20, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aHandlerThatViolatesItsContractIs500(boolean throwing) throws Exception {
    start(
        new Script(
            request -> {
              var failure = new IllegalStateException("expected by this test");
              if (throwing) {
                throw failure;
              }
              return CompletableFuture.failedFuture(failure);
            }),
        LONG);

    try (Wire wire = connect()) {
      assertThat(wire.send(Wire.post("a")).readUntil("\r\n\r\ninternal"))
          .startsWith("HTTP/1.1 500");
      assertThat(wire.send(Wire.post("b")).readUntil("\r\n\r\ninternal"))
          .startsWith("HTTP/1.1 500");
    }
  }

  private void start(OpenAiHandler handler, Duration requestTimeout) throws IOException {
    server =
        ReferenceServer.start(
            handler,
            ServerOptions.builder()
                .maxBody(MAX_BODY)
                .gracePeriod(Duration.ofSeconds(20))
                .requestTimeout(requestTimeout)
                .build());
  }

  private static Script streaming(SubmissionPublisher<ByteBuffer> events) {
    return new Script(
        request ->
            CompletableFuture.completedFuture(
                new ApiResponse(200, Map.of(), ApiBody.streaming(events, events::close))));
  }

  /** Waits for a subscriber, because earlier events would be lost. */
  private static void submit(SubmissionPublisher<ByteBuffer> events, String text) throws Exception {
    Wait.until(events::hasSubscribers);
    events.submit(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Waits until the server reports that it is closing. */
  private void awaitRefusal() throws IOException {
    String answer;
    do {
      try (Wire other = connect()) {
        answer = other.send(Wire.post("b")).readUntil("\r\n\r\n");
      }
    } while (!answer.startsWith("HTTP/1.1 503"));
  }
}
