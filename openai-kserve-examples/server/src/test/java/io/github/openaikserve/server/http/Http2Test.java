package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.server.key.ApiKeyHandler;
import io.github.openaikserve.server.testing.Script;
import io.github.openaikserve.server.testing.StreamSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 without TLS, with clients that begin with the preface. */
final class Http2Test extends ServerTest {
  private final Vertx vertx = Vertx.vertx();

  @SuppressWarnings("NullAway.Init")
  private HttpClientAgent client;

  @BeforeEach
  void createClient() {
    client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ConnectionWindowSize(4 << 20)
                .setHttp2ClearTextUpgrade(false));
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    get(vertx.close());
  }

  @Test
  void requestsOfOneConnectionAreAnsweredConcurrently() throws Exception {
    var first = new CompletableFuture<ApiResponse>();
    start(
        new Script(
            request ->
                new String(request.body(), StandardCharsets.UTF_8).equals("first")
                    ? first
                    : CompletableFuture.completedFuture(Script.text(200, "second"))));

    Future<HttpClientResponse> waiting = send(request("/x"), "first");
    HttpClientResponse answer = get(send(request("/x"), "other"));

    assertThat(answer.version()).isEqualTo(HttpVersion.HTTP_2);
    assertThat(get(body(answer))).hasToString("second");
    assertThat(waiting.isComplete()).isFalse();
    first.complete(Script.text(200, "at last"));
    assertThat(get(body(get(waiting)))).hasToString("at last");
  }

  @Test
  void aLargeBodyAndALargeResponseAreComplete() throws Exception {
    start(Script.echo());
    String body = "abcdefghij".repeat(100_000);

    HttpClientResponse answer = get(send(request("/x"), body));

    assertThat(get(body(answer))).hasToString("POST /x " + body);
  }

  @Test
  void aStreamThatIsResetCancelsItsCallAndNoOther() throws Exception {
    var one = new StreamSource();
    var other = new StreamSource();
    start(
        new Script(
            request ->
                CompletableFuture.completedFuture(
                    (request.path().equals("/one") ? one : other).response())));
    HttpClientRequest first = request("/one");
    Future<HttpClientResponse> answer = send(first, "a");
    Future<HttpClientResponse> otherAnswer = send(request("/other"), "b");
    one.send("data: 1\n\n");
    assertThat(get(answer).version()).isEqualTo(HttpVersion.HTTP_2);

    first.reset(8);

    assertThat(one.cancelled.get(20, TimeUnit.SECONDS)).isPositive();
    other.send("data: 2\n\n");
    Future<Buffer> rest = body(get(otherAnswer));
    assertThat(other.cancelled).isNotDone();
    other.subscriber.join().onComplete();
    assertThat(get(rest)).hasToString("data: 2\n\n");
  }

  /** The attack of CVE-2023-44487. */
  @Test
  void aConnectionWithTooManyStreamResetsIsClosed() throws Exception {
    start(new Script(request -> new CompletableFuture<>()));
    var closed = new CompletableFuture<Void>();
    HttpClientRequest first = request("/x");
    first.connection().closeHandler(gone -> closed.complete(null));
    for (int i = 0; i < 2000 && !closed.isDone(); i++) {
      client
          .request(HttpMethod.GET, server.port(), "127.0.0.1", "/x")
          .onSuccess(
              request -> {
                request.send();
                request.reset(8);
              });
    }

    closed.get(20, TimeUnit.SECONDS);
  }

  @Test
  void aRefusalEndsTheStreamAndNotTheConnection() throws Exception {
    server =
        ReferenceServer.start(
            new ApiKeyHandler(Script.echo(), List.of("k")),
            ServerOptions.builder().maxBody(1000).gracePeriod(Duration.ofSeconds(5)).build());
    HttpClientRequest refused = request("/x");
    var closed = new CompletableFuture<Void>();
    refused.connection().closeHandler(gone -> closed.complete(null));

    assertThat(get(send(refused, "a".repeat(2000))).statusCode()).isEqualTo(401);
    HttpClientRequest tooLarge = request("/x");
    tooLarge.putHeader("x-api-key", "k");
    assertThat(get(send(tooLarge, "a".repeat(2000))).statusCode()).isEqualTo(413);
    HttpClientRequest taken = request("/x");
    taken.putHeader("x-api-key", "k");

    assertThat(get(body(get(send(taken, "a"))))).hasToString("POST /x a");
    assertThat(closed).isNotDone();
  }

  @Test
  void aStoppedReaderIsDisconnectedAndOtherStreamsAreNot() throws Exception {
    var stuck = new StreamSource();
    server =
        ReferenceServer.start(
            new Script(
                request ->
                    request.path().equals("/stuck")
                        ? CompletableFuture.completedFuture(stuck.response())
                        : CompletableFuture.completedFuture(Script.text(200, "fine"))),
            ServerOptions.builder().writeTimeout(Duration.ofMillis(200)).build());
    Future<HttpClientResponse> answer = send(request("/stuck"), "a");
    for (int i = 0; i < 64; i++) {
      stuck.send("data: " + "x".repeat(64 << 10) + "\n\n");
    }
    assertThat(get(answer).statusCode()).isEqualTo(200);

    assertThat(stuck.cancelled.get(20, TimeUnit.SECONDS)).isPositive();
    assertThat(get(body(get(send(request("/x"), "b"))))).hasToString("fine");
  }

  @Test
  void closingSendsGoAwayAndLetsStreamsFinish() throws Exception {
    var source = new StreamSource();
    start(source.asScript());
    HttpClientRequest request = request("/x");
    var told = new CompletableFuture<Void>();
    request.connection().shutdownHandler(ending -> told.complete(null));
    Future<HttpClientResponse> answer = send(request, "a");
    source.send("data: first\n\n");
    Future<Buffer> body = body(get(answer));

    CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
    told.get(20, TimeUnit.SECONDS);
    source.send("data: last\n\n");
    source.subscriber.join().onComplete();

    assertThat(get(body)).hasToString("data: first\n\ndata: last\n\n");
    closing.get(20, TimeUnit.SECONDS);
  }

  @Test
  void aStreamThatDoesNotEndInTimeEndsWithAnError() throws Exception {
    var source = new StreamSource();
    server =
        ReferenceServer.start(
            source.asScript(),
            ServerOptions.builder()
                .shutdownDelay(Duration.ZERO)
                .gracePeriod(Duration.ofMillis(100))
                .build());
    Future<HttpClientResponse> begun = send(request("/x"), "a");
    source.send("data: one\n\n");
    HttpClientResponse answer = get(begun);
    List<String> events = new ArrayList<>();
    answer.handler(piece -> events.add(piece.toString()));
    Future<Void> end = answer.end();
    answer.resume();

    server.close();

    get(end);
    assertThat(String.join("", events)).endsWith("event: error\ndata: unavailable\n\n");
    assertThat(source.cancelled).isDone();
  }

  @Test
  void aRejectedStreamIsResetBeforeItsBodyIsWhole() throws Exception {
    start(new ApiKeyHandler(Script.echo(), List.of("k")));
    var reset = new CompletableFuture<Throwable>();
    HttpClientRequest request = request("/x");
    request.setChunked(true).exceptionHandler(reset::complete);
    request.response().onSuccess(answer -> answer.exceptionHandler(reset::complete));

    request.writeHead();

    assertThat(get(request.response()).statusCode()).isEqualTo(401);
    assertThat(reset.get(20, TimeUnit.SECONDS)).isInstanceOf(StreamResetException.class);
  }

  /** Netty skips empty lines before a request line. */
  @ParameterizedTest
  @ValueSource(strings = {"", "\r\n\r\n", "\n\n", "\r\n", "\n\r\n\n\r\n"})
  void anOfferToUpgradeIsIgnored(String before) throws Exception {
    start(Script.echo());

    for (String method : List.of("GET /x", "POST /x")) {
      String head =
          method
              + " HTTP/1.1\r\nhost: x\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\n"
              + "http2-settings: AAMAAABkAAQAAP__\r\ncontent-length: 0\r\n\r\n";
      assertThat(answer(before + head + before + head, method + " "))
          .startsWith("HTTP/1.1 200 ")
          .doesNotContain("101");
    }
  }

  private HttpClientRequest request(String path) throws Exception {
    return get(client.request(HttpMethod.POST, server.port(), "127.0.0.1", path));
  }

  /** The response body waits for its reader. */
  private static Future<HttpClientResponse> send(HttpClientRequest request, String body) {
    // First the handler: a response that arrived before it would lose its body.
    Future<HttpClientResponse> paused = request.response().map(HttpClientResponse::pause);
    request.end(body);
    return paused;
  }

  private static Future<Buffer> body(HttpClientResponse answer) {
    Future<Buffer> body = answer.body();
    answer.resume();
    return body;
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
