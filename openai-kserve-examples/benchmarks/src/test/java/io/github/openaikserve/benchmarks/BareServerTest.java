package io.github.openaikserve.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.server.http.ReferenceServer;
import io.github.openaikserve.server.http.ServerOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The bare server writes the same as the reference server, and its client counts all tokens. */
final class BareServerTest {
  private static final int TOKENS = 300; // more than are requested at a time

  private final HttpClient client = HttpClient.newHttpClient();
  private Worker worker;
  private BareServer bare;
  private BareServer gathering;
  private BalancedBackend backend;
  private ReferenceServer reference;

  @BeforeEach
  void start() throws Exception {
    worker = new Worker();
    String target = "127.0.0.1:" + worker.port();
    bare = new BareServer(target, false);
    gathering = new BareServer(target, true);
    backend = GrpcBackend.connect(target);
    OpenAiKServe openai = OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build();
    reference = ReferenceServer.start(openai.httpHandler(), ServerOptions.defaults());
  }

  @AfterEach
  void close() {
    reference.close();
    backend.close();
    bare.close();
    gathering.close();
    worker.close();
  }

  @Test
  void streamsAreThoseOfTheReferenceServer() throws Exception {
    String body = body(true, 1);

    assertThat(answer(bare.port(), body))
        .isEqualTo(answer(reference.port(), body))
        .isEqualTo(answer(gathering.port(), body))
        .contains("\"content\":\"tok0\"", "\"content\":\" tok99\"", "data: [DONE]");
  }

  @Test
  void wholeAnswersAreThoseOfTheReferenceServer() throws Exception {
    String body = body(false, 1);

    assertThat(answer(bare.port(), body))
        .isEqualTo(answer(reference.port(), body))
        .contains("tok0 tok1", "\"completion_tokens\":" + TOKENS);
  }

  @Test
  void tokensOfAllChoicesAreCounted() throws Exception {
    String events = answer(reference.port(), body(true, 3));
    byte[] bytes =
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + events)
            .getBytes(StandardCharsets.UTF_8);
    var answer = new HttpAnswer();
    answer.reset();

    int tokens = answer.read(bytes, bytes.length, new Work(1, TOKENS, 0, false, 3));

    assertThat(tokens).isEqualTo(3 * TOKENS);
  }

  private static String body(boolean stream, int choices) {
    return """
    {"model":"m","stream":%s,"max_tokens":%d,"n":%d,"messages":[{"role":"user","content":"Hi"}]}\
    """
        .formatted(stream, TOKENS, choices);
  }

  /** Returns a response without its variable parts: ids, times and the prompt's size. */
  private String answer(int port, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .header("content-type", "application/json")
            .build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    return response
        .body()
        .replaceAll("chatcmpl-[0-9a-f]{24}", "chatcmpl-")
        .replaceAll("\"created\":[0-9]{10}", "\"created\":")
        .replaceAll("\"(prompt|total)_tokens\":[0-9]+", "\"$1_tokens\":");
  }
}
