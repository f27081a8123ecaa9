package io.github.openaikserve.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testing.FakeBackend;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The examples run and return answers. */
final class ExamplesTest {
  private static RunningService service;

  @BeforeAll
  static void start() throws IOException {
    service = new RunningService();
  }

  @AfterAll
  static void end() {
    service.close();
  }

  @Test
  void theChatExampleAnswersAndTellsAStory() {
    var bytes = new ByteArrayOutputStream();

    ChatExample.run(
        "127.0.0.1:" + service.worker.port(), new PrintStream(bytes, true, StandardCharsets.UTF_8));

    assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("Paris").contains("fox");
  }

  @Test
  void theToolsExampleAnswersFromTheToolsResult() {
    List<String> asked = new ArrayList<>();

    String answer =
        ToolsExample.ask(
            service.openai,
            "What is the weather in Paris?",
            arguments -> {
              asked.add(arguments);
              return "{\"temperature\": 18, \"condition\": \"sunny\"}";
            });

    assertThat(asked).containsExactly("{\"city\": \"Paris\"}");
    assertThat(answer).contains("sunny");
  }

  @Test
  void theAsyncExampleAnswersLater() throws Exception {
    var bytes = new ByteArrayOutputStream();

    String text = AsyncExample.text(service.openai, "Once upon a time").get(30, TimeUnit.SECONDS);
    AsyncExample.print(
            service.openai,
            "Once upon a time",
            new PrintStream(bytes, true, StandardCharsets.UTF_8))
        .get(30, TimeUnit.SECONDS);

    assertThat(text).isNotBlank();
    assertThat(bytes.toString(StandardCharsets.UTF_8)).isNotBlank();
  }

  @Test
  void aCustomDialectSendsAndReadsItsOwnTensors() {
    var backend =
        FakeBackend.responses(
            InferResponse.of(Tensor.text("completion", "Hello"), Tensor.text("stop_reason", "")),
            InferResponse.of(Tensor.text("completion", "!"), Tensor.text("stop_reason", "stop")));

    var completion =
        CustomDialectExample.openai(backend).completions().create(r -> r.prompt("Hi").maxTokens(8));

    assertThat(completion.text()).isEqualTo("Hello!");
    assertThat(backend.onlyRequest().modelName()).isEqualTo("acme-7b");
    assertThat(backend.onlyRequest().input("max_new_tokens").orElseThrow().ints())
        .containsExactly(8);
    assertThat(backend.onlyRequest().input("stream").orElseThrow().booleans())
        .containsExactly(false);
  }

  @Test
  void joinsTheTextOfAllResponses() { // a user's unit test, no server
    var backend = FakeBackend.tokens("Hel", "lo");
    var openai = OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build();

    var completion = openai.chatCompletions().create(r -> r.model("m").user("Hi").maxTokens(8));

    assertThat(completion.text()).isEqualTo("Hello");
    assertThat(backend.onlyRequest().input("max_tokens").orElseThrow().ints()).containsExactly(8);
  }

  @Test
  void theJdksServerServesTheSame() throws Exception {
    HttpServer server = JdkServerExample.start(service.openai.httpHandler(), 0);
    try {
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(
                          URI.create(
                              "http://127.0.0.1:"
                                  + server.getAddress().getPort()
                                  + "/v1/completions"))
                      .POST(
                          HttpRequest.BodyPublishers.ofString(
                              "{\"prompt\":\"Once upon a time\",\"stream\":true}"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).startsWith("data: {").endsWith("data: [DONE]\n\n");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void theClientsInProcessAnswer() throws Exception {
    OpenAiHandler handler = service.openai.httpHandler();

    assertThat(InProcessExample.jdkClient(handler)).contains("\"id\":\"llamacpp\"");
    assertThat(InProcessExample.openAiJava(handler, "What is the capital of France?"))
        .contains("Paris");
  }

  @Test
  void anAiServiceOfLangChain4jCallsItsTool() {
    assertThat(LangChain4jExample.assistant(service.openai).answer("What is the weather in Paris?"))
        .contains("sunny");
  }

  @Test
  void aServletServesTheSame() throws Exception {
    Server server = ServletExample.start(service.openai.httpHandler(), 0);
    try {
      HttpRequest request =
          HttpRequest.newBuilder(server.getURI().resolve("/v1/completions"))
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "{\"prompt\":\"Once upon a time\",\"stream\":true}"))
              .build();
      HttpResponse<String> response =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

      assertThat(response.body()).startsWith("data: {").endsWith("data: [DONE]\n\n");
    } finally {
      server.stop();
    }
  }
}
