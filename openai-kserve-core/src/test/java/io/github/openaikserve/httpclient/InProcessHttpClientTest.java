package io.github.openaikserve.httpclient;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.TestSubscriber;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests and responses of a client without a network. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class InProcessHttpClientTest {
  private static final String WHOLE = "{\"prompt\":\"p\"}";
  private static final String STREAM = "{\"prompt\":\"p\",\"stream\":true}";

  private static OpenAiHandler handler(FakeBackend backend) {
    return OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build().httpHandler();
  }

  private static HttpClient client(FakeBackend backend) {
    return InProcessHttpClient.newHttpClient(handler(backend));
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://in-process" + path));
  }

  private static HttpRequest post(String body) {
    return request("/v1/completions").POST(BodyPublishers.ofString(body)).build();
  }

  private static <T> HttpResponse<T> ask(String body, HttpResponse.BodyHandler<T> handler)
      throws Exception {
    return client(FakeBackend.tokens("a", "b")).send(post(body), handler);
  }

  @Test
  void aResponseHasStatusHeadersAndBody() throws Exception {
    HttpRequest request = request("/v1/models?limit=1").header("x-request-id", "abc").build();

    HttpResponse<String> response =
        client(FakeBackend.tokens("a")).send(request, BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("\"id\":\"m\"");
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(response.headers().firstValue("X-Request-Id")).hasValue("abc");
    assertThat(response.headers().firstValueAsLong("content-length"))
        .hasValue(response.body().getBytes(UTF_8).length);
    assertThat(response.request()).isSameAs(request);
    assertThat(response.uri()).isEqualTo(request.uri());
    assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    assertThat(response.previousResponse()).isEmpty();
    assertThat(response.sslSession()).isEmpty();
    assertThat(response).hasToString("(GET http://in-process/v1/models?limit=1) 200");
  }

  @Test
  void aBodyIsReadAsText() throws Exception {
    assertThat(ask(WHOLE, BodyHandlers.ofString()).body()).contains("\"text\":\"ab\"");
    assertThat(ask(STREAM, BodyHandlers.ofString()).body())
        .contains("\"text\":\"a\"", "\"text\":\"b\"")
        .endsWith("data: [DONE]\n\n");
  }

  @Test
  void aBodyIsReadAsBytes() throws Exception {
    assertThat(new String(ask(WHOLE, BodyHandlers.ofByteArray()).body(), UTF_8))
        .contains("\"text\":\"ab\"");
  }

  @Test
  void aBodyIsReadAsLines() throws Exception {
    try (Stream<String> lines = ask(STREAM, BodyHandlers.ofLines()).body()) {
      assertThat(lines.filter(line -> line.startsWith("data: "))).last().isEqualTo("data: [DONE]");
    }
  }

  @Test
  void aBodyIsWrittenToAFile(@TempDir Path directory) throws Exception {
    Path file = ask(WHOLE, BodyHandlers.ofFile(directory.resolve("answer.json"))).body();

    assertThat(Files.readString(file)).contains("\"text\":\"ab\"");
  }

  @Test
  void aBodyIsReadByASubscriber() throws Exception {
    var subscriber = new TestSubscriber<List<ByteBuffer>>(Long.MAX_VALUE);

    ask(WHOLE, BodyHandlers.fromSubscriber(subscriber));

    assertThat(text(subscriber.awaitCompletion())).contains("\"text\":\"ab\"");
  }

  @Test
  void aBodyIsAPublisher() throws Exception {
    var subscriber = new TestSubscriber<List<ByteBuffer>>(Long.MAX_VALUE);

    ask(STREAM, BodyHandlers.ofPublisher()).body().subscribe(subscriber);

    assertThat(text(subscriber.awaitCompletion())).endsWith("data: [DONE]\n\n");
  }

  private static String text(List<List<ByteBuffer>> body) {
    return body.stream()
        .flatMap(List::stream)
        .map(buffer -> UTF_8.decode(buffer.duplicate()).toString())
        .collect(Collectors.joining());
  }

  @Test
  void aBodyIsDiscarded() throws Exception {
    assertThat(ask(STREAM, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
  }

  @Test
  void aBodyIsMappedByAFunctionThatBlocks() throws Exception {
    HttpResponse.BodyHandler<String> handler =
        head ->
            BodySubscribers.mapping(BodySubscribers.ofInputStream(), InProcessHttpClientTest::read);

    assertThat(ask(STREAM, handler).body()).endsWith("data: [DONE]\n\n");
  }

  private static String read(InputStream in) {
    try (in) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aRequestBodyMayComeFromAnyPublisher() throws Exception {
    FakeBackend backend = FakeBackend.tokens("a");
    HttpClient client = client(backend);
    byte[] body = WHOLE.getBytes(UTF_8);
    for (HttpRequest.BodyPublisher publisher :
        List.of(
            BodyPublishers.ofByteArray(body),
            BodyPublishers.ofByteArrays(List.of(new byte[0], body)),
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)),
            BodyPublishers.fromPublisher(BodyPublishers.ofString(WHOLE)))) {
      HttpRequest request = request("/v1/completions").POST(publisher).build();

      assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }
    assertThat(backend.calls()).hasSize(4);
  }

  @Test
  void aRequestWithoutABodyIsRefusedByTheHandler() throws Exception {
    HttpRequest request = request("/v1/completions").POST(BodyPublishers.noBody()).build();

    HttpResponse<String> response =
        client(FakeBackend.tokens("a")).send(request, BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("\"error\"");
  }

  @Test
  void aFailureOfTheModelServerIsAResponse() throws Exception {
    HttpResponse<String> response =
        client(FakeBackend.failing(BackendCode.RESOURCE_EXHAUSTED, "full"))
            .send(post(WHOLE), BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.body()).contains("\"error\"");
  }

  private static FakeBackend failing() {
    var gone = new BackendException(BackendCode.UNAVAILABLE, "gone");
    return FakeBackend.answering(
        call ->
            ScriptedResponse.of(List.of(InferResponse.of(Tensor.text("token", "a"))))
                .thenFails(gone));
  }

  @Test
  void aStreamThatFailsEndsWithAnErrorEvent() throws Exception {
    String body = client(failing()).send(post(STREAM), BodyHandlers.ofString()).body();

    assertThat(body).contains("event: error\ndata: {\"error\"").doesNotContain("[DONE]");
  }

  @Test
  void aStreamThatIsAbortedFailsTheBody() throws Exception {
    OpenAiHandler aborting =
        OpenAiKServe.builder(failing())
            .abortFailedStreams(true)
            .model("m", Dialects.ANYSERVE)
            .build()
            .httpHandler();
    HttpClient client = InProcessHttpClient.newHttpClient(aborting);

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> client.send(post(STREAM), BodyHandlers.ofString()))
        .withMessageContaining("gone")
        .withCauseInstanceOf(BackendException.class);
    InputStream in = client.send(post(STREAM), BodyHandlers.ofInputStream()).body();
    assertThatExceptionOfType(IOException.class).isThrownBy(in::readAllBytes);
  }

  /** A body that must not be read. */
  private record UnreadBody(long contentLength) implements HttpRequest.BodyPublisher {
    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
      throw new AssertionError("the body was read");
    }
  }

  @Test
  void aBodyThatIsAnnouncedAsTooLargeIsA413() throws Exception {
    HttpRequest request = request("/v1/completions").POST(new UnreadBody(1L << 40)).build();

    HttpResponse<String> response =
        client(FakeBackend.tokens("a")).send(request, BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.body()).contains("request_too_large", "268435456 bytes");
  }

  @Test
  void aBodyOfAnUnknownPathIsNotRead() throws Exception {
    HttpRequest request = request("/v1/unknown").POST(new UnreadBody(-1)).build();

    HttpResponse<String> response =
        client(FakeBackend.tokens("a")).send(request, BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(404);
  }

  @Test
  void aUriWithoutAPathIsTheRoot() throws Exception {
    HttpResponse<String> response =
        client(FakeBackend.tokens("a")).send(request("").build(), BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).contains("GET /");
  }

  @Test
  void aRequestMayHaveTheLongestTimeout() throws Exception {
    HttpRequest request =
        request("/v1/models").timeout(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)).build();

    assertThat(client(FakeBackend.tokens("a")).send(request, BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
  }

  @Test
  void aRequestBodyThatCannotBeReadFailsTheRequest() {
    FakeBackend backend = FakeBackend.tokens("a");
    HttpRequest request =
        request("/v1/completions")
            .POST(
                BodyPublishers.ofInputStream(
                    () -> {
                      throw new IllegalStateException("broken");
                    }))
            .build();

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> client(backend).send(request, BodyHandlers.ofString()));
    assertThat(backend.calls()).isEmpty();
  }
}
