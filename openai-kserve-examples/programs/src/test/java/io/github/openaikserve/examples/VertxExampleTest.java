package io.github.openaikserve.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.FakeReply;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The handler behind Vert.x. */
final class VertxExampleTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void end() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void aChatIsAnsweredWholeAndStreamed() throws Exception {
    URI server = start(FakeBackend.tokens("Hel", "lo"));

    assertThat(post(server, "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}").body())
        .contains("\"content\":\"Hello\"");
    assertThat(
            post(server, "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}")
                .body())
        .contains("\"content\":\"Hel\"")
        .endsWith("data: [DONE]\n\n");
    assertThat(post(server, "{}").statusCode()).isEqualTo(400);
  }

  @Test
  void aClientThatLeavesCancelsTheCall() throws Exception {
    var backend = FakeBackend.answering(call -> FakeReply.tokens(call, "Hel").thenHangs());
    URI server = start(backend);
    HttpRequest request =
        HttpRequest.newBuilder(server)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"))
            .build();

    InputStream body =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
    assertThat(body.read()).isEqualTo('d');
    body.close();

    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (backend.cancellations() == 0 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(backend.cancellations()).isEqualTo(1);
  }

  private URI start(FakeBackend backend) throws Exception {
    OpenAiHandler handler =
        OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build().httpHandler();
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(request -> VertxExample.answer(handler, request))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
    return URI.create("http://127.0.0.1:%d/v1/chat/completions".formatted(server.actualPort()));
  }

  private static HttpResponse<String> post(URI uri, String json) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(LIMIT)
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }
}
