package io.github.openaikserve.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a host of an {@link OpenAiHandler} owes to the clients of its HTTP server. */
public abstract class HostContract {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration KEEP_ALIVE = Duration.ofMillis(50);
  private static final String WHOLE = "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  private static final String STREAMED = WHOLE.replaceFirst("\\{", "{\"stream\":true,");

  /** Starts the host over a service that asks this backend, and returns the URL of its root. */
  protected abstract URI start(FakeBackend backend) throws Exception;

  /** Returns a handler whose streams are written to often, so that a host notices who has left. */
  protected static OpenAiHandler handler(FakeBackend backend) {
    return OpenAiKServe.builder(backend)
        .model("m", Dialects.ANYSERVE)
        .keepAlive(KEEP_ALIVE)
        .build()
        .httpHandler();
  }

  @Test
  void aWholeAnswerHasStatusHeadersAndBody() throws Exception {
    HttpResponse<String> answer = post(start(FakeBackend.tokens("Hel", "lo")), WHOLE);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type").orElseThrow())
        .startsWith("application/json");
    assertThat(answer.headers().firstValue("x-request-id")).isPresent();
    assertThat(answer.body()).contains("\"content\":\"Hello\"");
  }

  @Test
  void aStreamIsTheEventsOfTheService() throws Exception {
    HttpResponse<String> answer = post(start(FakeBackend.tokens("Hel", "lo")), STREAMED);

    assertThat(answer.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/event-stream");
    assertThat(answer.body())
        .startsWith("data: {")
        .contains("\"content\":\"Hel\"")
        .contains("\"content\":\"lo\"")
        .endsWith("data: [DONE]\n\n");
  }

  @Test
  void aRefusalKeepsItsStatusAndItsWords() throws Exception {
    URI host = start(FakeBackend.tokens("Hello"));

    HttpResponse<String> refused = post(host, "{}");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("\"error\"").contains("messages");
    assertThat(get(host.resolve("/v1/models")).body()).contains("\"object\":\"list\"");
    assertThat(get(host.resolve("/v1/models/unknown")).statusCode()).isEqualTo(404);
  }

  @Test
  void aStreamArrivesWhileTheModelSpeaksAndAClientThatLeavesCancelsTheCall() throws Exception {
    var backend = FakeBackend.answering(call -> ScriptedResponse.tokens(call, "Hel").thenHangs());
    HttpRequest request = request(start(backend), STREAMED);

    InputStream body =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream()).body();
    assertThat(body.read()).isEqualTo('d');
    body.close();

    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (backend.cancellations() == 0 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(backend.cancellations()).isEqualTo(1);
  }

  private static HttpRequest request(URI host, String json) {
    return HttpRequest.newBuilder(host.resolve("/v1/chat/completions"))
        .timeout(LIMIT)
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(json))
        .build();
  }

  private static HttpResponse<String> post(URI host, String json)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient().send(request(host, json), BodyHandlers.ofString());
  }

  private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).timeout(LIMIT).build(), BodyHandlers.ofString());
  }
}
