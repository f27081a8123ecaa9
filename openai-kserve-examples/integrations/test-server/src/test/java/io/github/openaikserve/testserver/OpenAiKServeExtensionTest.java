package io.github.openaikserve.testserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.testing.ScriptedResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The extension, as a user's tests use it. */
@ExtendWith(OpenAiKServeExtension.class)
@Timeout(60)
final class OpenAiKServeExtensionTest {
  private static final String QUESTION =
      "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
  private static final String STREAM = QUESTION.replace("}]}", "}],\"stream\":true}");

  private KServeTestServer model;

  @BeforeEach
  void script(KServeTestServer model) {
    this.model = model;
    model.answers(List.of("Hi", " there"));
  }

  private static HttpRequest post(OpenAiTestServer server, String body) {
    return HttpRequest.newBuilder(URI.create(server.baseUrl() + "/chat/completions"))
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private static HttpResponse<String> ask(OpenAiTestServer server, String body)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(post(server, body), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aClientIsAnsweredByTheScript(OpenAiTestServer server) throws Exception {
    HttpResponse<String> whole = ask(server, QUESTION);
    HttpResponse<String> stream = ask(server, STREAM);

    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.body()).contains("\"content\":\"Hi there\"").contains("\"model\":\"test\"");
    assertThat(stream.body()).contains("\"content\":\"Hi\"").endsWith("data: [DONE]\n\n");
    assertThat(model.calls()).hasSize(2);
  }

  @Test
  void aClientSeesFailures(OpenAiTestServer server) throws Exception {
    model.failing(BackendCode.RESOURCE_EXHAUSTED, "full");

    assertThat(ask(server, QUESTION).statusCode()).isEqualTo(429);
    assertThat(ask(server, "{").statusCode()).isEqualTo(400);
  }

  @Test
  void aClientThatDisconnectsCancelsTheCall(OpenAiTestServer server) throws Exception {
    var go = new CompletableFuture<Void>();
    String[] many = new String[100_000];
    Arrays.fill(many, "word ");
    model.answering(call -> ScriptedResponse.tokens(call, many).waitsBefore(1, go));
    HttpClient client = HttpClient.newHttpClient();
    try (InputStream in =
        client.send(post(server, STREAM), HttpResponse.BodyHandlers.ofInputStream()).body()) {
      assertThat(in.readNBytes(6)).asString().isEqualTo("data: ");
    }
    go.complete(null);

    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (model.cancellations() == 0) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void theServiceAndItsBackendAreParametersToo(OpenAiKServe openai, InferenceBackend backend) {
    assertThat(openai.chatCompletions().create(r -> r.user("Hello")).text()).isEqualTo("Hi there");
    assertThat(backend.ready().toCompletableFuture().join()).contains(true);
  }

  @Test
  void aCallThatHangsDoesNotHoldTheTest(OpenAiKServe openai) {
    model.answering(call -> ScriptedResponse.of(List.of()).thenHangs());

    assertThat(openai.chatCompletions().createAsync(r -> r.user("Hello"))).isNotDone();
  }
}
