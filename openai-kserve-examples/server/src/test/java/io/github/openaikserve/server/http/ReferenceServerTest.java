package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.server.key.ApiKeyHandler;
import io.github.openaikserve.server.testing.Wait;
import io.github.openaikserve.server.testing.Wire;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.io.IOException;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server over real sockets, with a scripted model server. */
final class ReferenceServerTest extends ServerTest {
  private static final String HELLO = "{\"prompt\":\"Hi\"}";
  private static final String STREAMED_HELLO = "{\"prompt\":\"Hi\",\"stream\":true}";

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void requestsAreAnsweredOnAKeptConnection() throws Exception {
    start(FakeBackend.tokens("Hel", "lo"));
    for (int i = 0; i < 50; i++) {
      HttpResponse<String> answer = send(post(HELLO));
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("Hello");
      assertThat(answer.headers().firstValue("content-length")).isPresent();
      assertThat(answer.headers().firstValue("x-request-id")).isPresent();
    }
  }

  @Test
  void anOfferOfHttp2IsAnsweredAsPlainHttp1() throws Exception {
    start(FakeBackend.tokens("Hel", "lo"));
    HttpClient offering = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

    HttpResponse<String> answer = offering.send(post(HELLO), HttpResponse.BodyHandlers.ofString());

    assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    assertThat(answer.body()).contains("Hello");
  }

  @Test
  void eventsArriveAsTheyAreGenerated() throws Exception {
    var backend =
        FakeBackend.answering(call -> ScriptedResponse.of(List.of(token("first"))).thenHangs());
    start(backend);

    try (Wire wire = connect(STREAMED_HELLO)) {
      assertThat(wire.readUntil("first")).contains("200 OK", "text/event-stream");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {HELLO, STREAMED_HELLO})
  void aClientThatDisconnectsBeforeTheFirstByteCancelsTheCall(String body) throws Exception {
    var backend = FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs());
    start(backend);

    Wire wire = connect(body);
    Wait.until(() -> backend.calls().size() == 1);
    wire.close();

    Wait.until(() -> backend.cancellations() == 1);
  }

  @Test
  void aClientThatDisconnectsDuringAStreamCancelsTheCall() throws Exception {
    var backend =
        FakeBackend.answering(call -> ScriptedResponse.of(List.of(token("first"))).thenHangs());
    start(backend);

    Wire wire = connect(STREAMED_HELLO);
    wire.readUntil("first");
    wire.close();

    Wait.until(() -> backend.cancellations() == 1);
  }

  @Test
  void aReaderThatStopsStopsTheModelServer() throws Exception {
    var sent = new AtomicInteger();
    int all = 20_000;
    InferResponse large = token("some text that fills buffers ".repeat(20));
    InferenceBackend backend =
        call -> {
          var publisher = new SubmissionPublisher<InferResponse>(Runnable::run, 16);
          CompletableFuture.runAsync(
              () -> {
                while (publisher.getNumberOfSubscribers() == 0) {
                  Wait.pause();
                }
                for (int i = 0; i < all; i++) {
                  publisher.submit(large);
                  sent.incrementAndGet();
                }
                publisher.close();
              });
          return publisher;
        };
    server =
        ReferenceServer.start(
            OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build().httpHandler(),
            ServerOptions.defaults());

    try (Wire wire = connect(STREAMED_HELLO)) {
      wire.readUntil("some text");
      int before = settle(sent);

      assertThat(before).isLessThan(all);
      assertThat(wire.readAll()).endsWith("[DONE]\n\n\r\n0\r\n\r\n");
      assertThat(sent).hasValue(all);
    }
  }

  @Test
  void aFailedStreamEndsWithItsErrorEvent() throws Exception {
    start(failing());

    try (Wire wire = connect(STREAMED_HELLO)) {
      assertThat(wire.readAll())
          .contains("event: error\ndata: {\"error\":")
          .endsWith("\n\n\r\n0\r\n\r\n");
    }
  }

  @Test
  void aFailedStreamBreaksItsConnectionIfConfigured() throws Exception {
    server =
        ReferenceServer.start(
            OpenAiKServe.builder(failing())
                .model("m", Dialects.ANYSERVE)
                .abortFailedStreams(true)
                .build()
                .httpHandler(),
            ServerOptions.defaults());

    try (Wire wire = connect(STREAMED_HELLO)) {
      wire.readUntil("a");
      assertThat(wire.readAll()).doesNotContain("0\r\n\r\n");
    } catch (SocketException reset) {
      assertThat(reset).hasMessageContaining("reset");
    }
  }

  /** Fails after its first token. */
  private static FakeBackend failing() {
    return FakeBackend.answering(
        call ->
            ScriptedResponse.of(List.of(token("a")))
                .thenFails(new BackendException(BackendCode.INTERNAL, "broken")));
  }

  @Test
  void aBodyWithATooLargeContentLengthIsRefused() throws Exception {
    start(FakeBackend.tokens("x"));

    HttpResponse<String> answer = send(post("x".repeat(3000)));

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("\"code\":\"request_too_large\"");
  }

  @Test
  void aTooLargeBodyWithoutContentLengthIsRefused() throws Exception {
    start(FakeBackend.tokens("x"));
    String head = "POST /v1/completions HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";

    assertThat(answer(head + "7d0\r\n" + "x".repeat(2000) + "\r\n", "request_too_large"))
        .contains("413");
  }

  @Test
  void malformedInputDoesNotAffectOtherClients() throws Exception {
    start(FakeBackend.tokens("Hel", "lo"));
    assertThat(answer("\u0000\u0001 garbage \r\n\r\n\r\n")).doesNotContain("Exception");

    assertThat(send(post(HELLO)).statusCode()).isEqualTo(200);
  }

  @Test
  void closingLetsARunningStreamFinish() throws Exception {
    var backend =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(List.of(token("one "), token("two "), token("three")))
                    .every(Duration.ofMillis(100)));
    start(backend);

    try (Wire wire = connect(STREAMED_HELLO)) {
      wire.readUntil("one");
      CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);

      assertThat(wire.readAll()).contains("two", "three", "[DONE]");
      closing.get(20, TimeUnit.SECONDS);
    }
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> connect(HELLO));
  }

  @Test
  void closingEndsStreamsThatDoNotFinishInTime() throws Exception {
    var backend =
        FakeBackend.answering(call -> ScriptedResponse.of(List.of(token("one"))).thenHangs());
    server =
        ReferenceServer.start(
            handler(backend),
            ServerOptions.builder().maxBody(1024).gracePeriod(Duration.ofMillis(50)).build());
    Wire wire = connect(STREAMED_HELLO);
    wire.readUntil("one");

    server.close();

    Wait.until(() -> backend.cancellations() == 1);
    wire.close();
  }

  @Test
  void aUsedPortIsReported() throws Exception {
    start(FakeBackend.tokens());
    int taken = server.port();

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                ReferenceServer.start(
                    handler(FakeBackend.tokens()),
                    ServerOptions.builder()
                        .port(taken)
                        .maxBody(1024)
                        .gracePeriod(Duration.ZERO)
                        .build()))
        .withMessageContaining("cannot listen on 127.0.0.1:" + taken);
  }

  @Test
  void onlyRequestsWithAKeyAreServed() throws Exception {
    server =
        ReferenceServer.start(
            new ApiKeyHandler(handler(FakeBackend.tokens("Hel", "lo")), List.of("k1", "k2")),
            ServerOptions.defaults());
    for (String header : List.of("", "Bearer nope", "Basic k1", "Bearer ", "k1")) {
      HttpResponse<String> answer = models(header);
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.body()).contains("\"code\":\"invalid_api_key\"").doesNotContain("nope");
    }
    for (String header : List.of("Bearer k1", "bearer k2")) {
      assertThat(models(header).statusCode()).isEqualTo(200);
    }
    assertThat(send(HttpRequest.newBuilder(uri("/health")).build()).statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> models(String authorization) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri("/v1/models"));
    return send(
        (authorization.isEmpty() ? request : request.header("Authorization", authorization))
            .build());
  }

  private HttpResponse<String> send(HttpRequest request) throws Exception {
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private void start(FakeBackend backend) throws IOException {
    server =
        ReferenceServer.start(
            handler(backend),
            ServerOptions.builder().maxBody(1024).gracePeriod(Duration.ofSeconds(10)).build());
  }

  private static OpenAiHandler handler(FakeBackend backend) {
    return OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build().httpHandler();
  }

  private static InferResponse token(String text) {
    return InferResponse.of(Tensor.text("token", text), Tensor.text("finish_reason", "null"));
  }

  private HttpRequest post(String body) {
    return HttpRequest.newBuilder(uri("/v1/completions"))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private Wire connect(String body) throws IOException {
    return connect()
        .send(
            "POST /v1/completions HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: "
                + body.length()
                + "\r\n\r\n"
                + body);
  }

  /** Returns the count after it has not changed for a while. */
  private static int settle(AtomicInteger count) throws InterruptedException {
    int last;
    do {
      last = count.get();
      new CompletableFuture<Void>().completeOnTimeout(null, 300, TimeUnit.MILLISECONDS).join();
    } while (count.get() != last);
    return last;
  }
}
