package io.github.openaikserve.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.servlet.Container.Kind;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The servlet in real containers, asked over real sockets. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class OpenAiServletTest {
  private static final String WHOLE = "{\"prompt\":\"p\"}";
  private static final String STREAM = "{\"prompt\":\"p\",\"stream\":true}";

  private final HttpClient client = HttpClient.newHttpClient();

  private static OpenAiHandler handler(FakeBackend backend) {
    return OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build().httpHandler();
  }

  private static FakeBackend endless() {
    return FakeBackend.answering(
        call -> ScriptedResponse.tokens(call, tokens(20_000)).every(Duration.ofMillis(1)));
  }

  private static String[] tokens(int count) {
    return Stream.generate(() -> "word").limit(count).toArray(String[]::new);
  }

  private static void await(BooleanSupplier reached) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static HttpRequest.Builder request(Container container, String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + container.port() + Container.CONTEXT + path));
  }

  private HttpResponse<String> ask(Container container, String body) throws Exception {
    return client.send(
        request(container, "/v1/completions").POST(BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  @ParameterizedTest
  @EnumSource
  void aWholeAnswerHasStatusHeadersAndLength(Kind kind) throws Exception {
    try (var container = kind.start(OpenAiServlet.of(handler(FakeBackend.tokens("a", "b"))))) {
      HttpResponse<String> response = ask(container, WHOLE);

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).contains("\"text\":\"ab\"");
      assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
      assertThat(response.headers().firstValue("x-request-id")).isPresent();
      assertThat(response.headers().firstValueAsLong("content-length"))
          .hasValue(response.body().getBytes(UTF_8).length);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStreamIsWholeAndEndsWell(Kind kind) throws Exception {
    try (var container = kind.start(OpenAiServlet.of(handler(FakeBackend.tokens(tokens(2000)))))) {
      HttpResponse<String> response = ask(container, STREAM);

      assertThat(response.body().split("\"text\":\"word\"", -1)).hasSize(2001);
      assertThat(response.body()).endsWith("data: [DONE]\n\n");
      assertThat(response.headers().firstValue("content-type").orElseThrow())
          .startsWith("text/event-stream");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEventIsSentBeforeTheNextOneIsThere(Kind kind) throws Exception {
    FakeBackend backend =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(
                        ScriptedResponse.tokens(call, "first").responses().subList(0, 1))
                    .thenHangs());
    try (var container = kind.start(OpenAiServlet.of(handler(backend)))) {
      HttpRequest request =
          request(container, "/v1/completions").POST(BodyPublishers.ofString(STREAM)).build();
      try (var lines =
          new BufferedReader(
              new InputStreamReader(
                  client.send(request, BodyHandlers.ofInputStream()).body(), UTF_8))) {
        assertThat(lines.readLine()).contains("\"text\":\"first\"");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyStreamsRunAtTheSameTime(Kind kind) throws Exception {
    FakeBackend backend =
        FakeBackend.answering(
            call -> ScriptedResponse.tokens(call, tokens(50)).every(Duration.ofMillis(1)));
    try (var container = kind.start(OpenAiServlet.of(handler(backend)))) {
      List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        responses.add(
            client.sendAsync(
                request(container, "/v1/completions").POST(BodyPublishers.ofString(STREAM)).build(),
                BodyHandlers.ofString()));
      }
      for (CompletableFuture<HttpResponse<String>> response : responses) {
        assertThat(response.get().body()).endsWith("data: [DONE]\n\n");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClientThatDisconnectsCancelsTheCall(Kind kind) throws Exception {
    FakeBackend backend = endless();
    try (var container = kind.start(OpenAiServlet.of(handler(backend)))) {
      HttpRequest request =
          request(container, "/v1/completions").POST(BodyPublishers.ofString(STREAM)).build();
      try (InputStream body = client.send(request, BodyHandlers.ofInputStream()).body()) {
        assertThat(body.read()).isEqualTo('d');
      }

      await(() -> backend.cancellations() == 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClientThatReadsNothingHoldsTheStream(Kind kind) throws Exception {
    var firehose = new Firehose();
    try (var container = kind.start(OpenAiServlet.of(firehose))) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), container.port())) {
        socket
            .getOutputStream()
            .write("GET /app/v1/models HTTP/1.1\r\nhost: localhost\r\n\r\n".getBytes(UTF_8));
        assertThat(socket.getInputStream().read()).isEqualTo('H');
        firehose.awaitPause();

        assertThat(firehose.emitted.get()).isLessThan(Firehose.BUFFERS);
      }
      await(() -> firehose.cancelled);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBodyThatIsAnnouncedAsTooLargeIsA413(Kind kind) throws Exception {
    FakeBackend backend = FakeBackend.tokens("a");
    OpenAiServlet servlet = OpenAiServlet.builder(handler(backend)).maxBody(100).build();
    try (var container = kind.start(servlet)) {
      HttpResponse<String> response = ask(container, " ".repeat(101));

      assertThat(response.statusCode()).isEqualTo(413);
      assertThat(response.body()).contains("request_too_large", "exceeds the limit of 100 bytes");
      assertThat(backend.calls()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBodyThatBecomesTooLargeIsA413(Kind kind) throws Exception {
    FakeBackend backend = FakeBackend.tokens("a");
    OpenAiServlet servlet = OpenAiServlet.builder(handler(backend)).maxBody(100).build();
    try (var container = kind.start(servlet)) {
      HttpRequest request =
          request(container, "/v1/completions")
              .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[20_000])))
              .build();
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());

      assertThat(response.statusCode()).isEqualTo(413);
      assertThat(response.body()).contains("request_too_large");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBodyOfTheLargestSizeIsRead(Kind kind) throws Exception {
    OpenAiServlet servlet =
        OpenAiServlet.builder(handler(FakeBackend.tokens("a"))).maxBody(100_000).build();
    try (var container = kind.start(servlet)) {
      assertThat(ask(container, WHOLE + " ".repeat(100_000 - WHOLE.length())).statusCode())
          .isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anUnknownPathIs404WithoutReadingItsBody(Kind kind) throws Exception {
    try (var container = kind.start(OpenAiServlet.of(handler(FakeBackend.tokens("a"))))) {
      HttpResponse<String> response =
          client.send(
              request(container, "/v1/unknown").POST(BodyPublishers.ofString(WHOLE)).build(),
              BodyHandlers.ofString());

      assertThat(response.statusCode()).isEqualTo(404);
      assertThat(response.body()).contains("POST /v1/unknown");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRequestWithoutABodyIsAnswered(Kind kind) throws Exception {
    try (var container = kind.start(OpenAiServlet.of(handler(FakeBackend.tokens("a"))))) {
      HttpResponse<String> get =
          client.send(request(container, "/v1/models/m").build(), BodyHandlers.ofString());
      HttpResponse<String> head =
          client.send(
              request(container, "/v1/models").method("HEAD", BodyPublishers.noBody()).build(),
              BodyHandlers.ofString());

      assertThat(get.body()).contains("\"id\":\"m\"");
      assertThat(head.statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPrefixIsRemoved(Kind kind) throws Exception {
    OpenAiServlet servlet =
        OpenAiServlet.builder(handler(FakeBackend.tokens("a"))).pathPrefix("/ai").build();
    try (var container = kind.start(servlet, "/ai/*", true)) {
      assertThat(
              client
                  .send(request(container, "/ai/v1/models").build(), BodyHandlers.ofString())
                  .statusCode())
          .isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStreamThatFailsEndsWithAnErrorEvent(Kind kind) throws Exception {
    try (var container = kind.start(OpenAiServlet.of(handler(failing())))) {
      assertThat(ask(container, STREAM).body()).contains("event: error\n").doesNotContain("[DONE]");
    }
  }

  private static FakeBackend failing() {
    var gone = new BackendException(BackendCode.UNAVAILABLE, "gone");
    return FakeBackend.answering(
        call ->
            ScriptedResponse.of(ScriptedResponse.tokens(call, "a", "b").responses().subList(0, 2))
                .thenFails(gone));
  }

  @ParameterizedTest
  @EnumSource
  void aStreamThatIsAbortedBreaksTheConnection(Kind kind) throws Exception {
    OpenAiHandler aborting =
        OpenAiKServe.builder(failing())
            .abortFailedStreams(true)
            .model("m", Dialects.ANYSERVE)
            .build()
            .httpHandler();
    try (var container = kind.start(OpenAiServlet.of(aborting))) {
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> ask(container, STREAM));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClientThatDisconnectsInItsUploadAsksNothing(Kind kind) throws Exception {
    FakeBackend backend = FakeBackend.tokens("a");
    try (var container = kind.start(OpenAiServlet.of(handler(backend)))) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), container.port())) {
        socket
            .getOutputStream()
            .write(
                "POST /app/v1/completions HTTP/1.1\r\nhost: a\r\ncontent-length: 50\r\n\r\n{"
                    .getBytes(UTF_8));
      }
      assertThat(ask(container, WHOLE).statusCode()).isEqualTo(200);
      assertThat(backend.calls()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aServletWithoutAsyncSupportReportsWhatIsMissing(Kind kind) throws Exception {
    OpenAiServlet servlet = OpenAiServlet.of(handler(FakeBackend.tokens("a")));
    try (var container = kind.start(servlet, "/*", false)) {
      assertThat(ask(container, WHOLE).statusCode()).isEqualTo(500);
    }
  }

  @Test
  void settingsAreChecked() {
    OpenAiServlet.Builder builder = OpenAiServlet.builder(handler(FakeBackend.tokens("a")));

    assertThat(catchThrowable(() -> builder.maxBody(0)))
        .hasMessage("maxBody must be at least 1, found 0");
    assertThat(catchThrowable(() -> builder.pathPrefix("ai/")))
        .hasMessage("pathPrefix must start with / and must not end with /, found 'ai/'");
  }

  /** Answers with as many bytes as are read. */
  private static final class Firehose implements OpenAiHandler {
    static final int BUFFERS = 1_000_000;
    final AtomicInteger emitted = new AtomicInteger();
    volatile boolean cancelled;

    /** Waits until no more was requested for a while. */
    void awaitPause() {
      int before;
      do {
        before = emitted.get();
        long end = System.nanoTime() + Duration.ofMillis(200).toNanos();
        await(() -> System.nanoTime() > end);
      } while (emitted.get() != before);
    }

    @Override
    public CompletableFuture<ApiResponse> handle(ApiRequest request) {
      Flow.Publisher<ByteBuffer> source =
          subscriber -> subscriber.onSubscribe(new Emission(subscriber));
      return CompletableFuture.completedFuture(
          new ApiResponse(200, Map.of(), ApiBody.streaming(source, () -> {})));
    }

    @Override
    public ApiResponse refuse(ApiRequest request, OpenAiException error) {
      throw new AssertionError("nothing is refused", error);
    }

    private final class Emission implements Flow.Subscription {
      private final Flow.Subscriber<? super ByteBuffer> subscriber;

      Emission(Flow.Subscriber<? super ByteBuffer> subscriber) {
        this.subscriber = subscriber;
      }

      @Override
      public void request(long n) {
        for (long i = 0; i < n && emitted.get() < BUFFERS; i++) {
          emitted.incrementAndGet();
          subscriber.onNext(ByteBuffer.wrap(new byte[4096]));
        }
      }

      @Override
      public void cancel() {
        cancelled = true;
      }
    }
  }
}
