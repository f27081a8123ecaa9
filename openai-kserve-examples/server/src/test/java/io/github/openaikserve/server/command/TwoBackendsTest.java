package io.github.openaikserve.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.server.testing.ScriptedModel;
import io.github.openaikserve.server.testing.Wait;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The running server with two model servers, of which one cannot be reached. */
final class TwoBackendsTest {
  private static final String CONFIG =
      """
      server: {port: 0, grace_period: 1s}
      backends:
        - {name: up, target: "TARGET"}
        - {name: down, target: "127.0.0.1:1"}
      models:
        - {id: lost, backend: down, dialect: anyserve}
        - {id: good, backend: up, dialect: anyserve, chat_template: last.jinja}
      """;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @SuppressWarnings("NullAway.Init")
  private ScriptedModel model;

  @BeforeEach
  void start() throws IOException {
    Files.writeString(directory.resolve("last.jinja"), "{{ messages[-1].content }}");
    model = new ScriptedModel();
  }

  @AfterEach
  void end() {
    model.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aChatIsAnsweredByTheModelThatItNames(boolean streamed) throws Exception {
    try (RunningCommand server = server()) {
      HttpResponse<String> good = chat(server, "good", streamed);
      HttpResponse<String> lost = chat(server, "lost", streamed);

      assertThat(good.statusCode()).as(good.body()).isEqualTo(200);
      assertThat(good.body()).contains("\"content\":\"done\"", "\"model\":\"good\"");
      assertThat(good.body().endsWith("data: [DONE]\n\n")).isEqualTo(streamed);
      assertThat(lost.statusCode()).as(lost.body()).isEqualTo(503);
      assertThat(lost.body()).startsWith("{\"error\":").contains("could not be reached");
      assertThat(lost.headers().firstValue("retry-after")).isPresent();
      assertThat(model.calls()).isEqualTo(1);
    }
  }

  @Test
  void aStreamContinuesWhileCallsOfTheOtherModelFail() throws Exception {
    try (RunningCommand server = server()) {
      var stream =
          server.post("/v1/completions", "{'model':'good','prompt':'begin','stream':true}");
      var held = model.awaitHeld();

      for (int i = 0; i < 10; i++) {
        assertThat(chat(server, "lost", true).statusCode()).isEqualTo(503);
      }
      ScriptedModel.answer(held);

      assertThat(stream.get(20, TimeUnit.SECONDS).body()).contains("begun", "done", "[DONE]");
    }
  }

  @ParameterizedTest
  @CsvSource({"any, 200", "all, 503", "none, 200"})
  void theOptionReadySaysHowManyMustBeReady(String rule, int status) throws Exception {
    try (RunningCommand server = server("--ready", rule)) {
      HttpResponse<String> ready = server.get("/health/ready");

      assertThat(ready.statusCode()).as(ready.body()).isEqualTo(status);
      JsonNode backends = new ObjectMapper().readTree(ready.body()).get("backends");
      assertThat(backends)
          .extracting(JsonNode::toString)
          .containsExactlyInAnyOrder(
              "{\"name\":\"up\",\"ready\":true,\"models\":1}",
              "{\"name\":\"down\",\"ready\":false,\"models\":0}");
      assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
      assertThat(chat(server, "good", false).statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({"any, 503", "none, 200"})
  void aServerWhoseLastModelServerEndsIsNoLongerReady(String rule, int status) throws Exception {
    try (RunningCommand server = server("--ready", rule)) {
      assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);
      model.close();

      Wait.until(() -> !server.get("/health/ready").body().contains("\"ready\":true"));

      assertThat(server.get("/health/ready").statusCode()).isEqualTo(status);
      assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void checkReportsBoth() throws Exception {
    var out = new StringWriter();
    CommandLine command = ServerCommand.commandLine();
    command.setOut(new PrintWriter(out, true));

    int status = command.execute("check", "--json", "--config", file());

    assertThat(status).isEqualTo(1);
    JsonNode report = new ObjectMapper().readTree(out.toString());
    assertThat(report.get("ok").booleanValue()).isFalse();
    assertThat(report.get("models"))
        .extracting(of -> of.get("model").textValue() + " " + of.get("outcome").textValue())
        .containsExactly("lost unreachable", "good declares no tensors");
    assertThat(report.get("models"))
        .extracting(of -> of.get("ok").booleanValue())
        .containsExactly(false, true);
  }

  @Test
  void chatPrintsTheAnswerAsItStreams() throws Exception {
    var out = new StringWriter();
    CommandLine command = ServerCommand.commandLine();
    command.setOut(new PrintWriter(out, true));
    String file = file();
    CompletableFuture<Integer> status =
        CompletableFuture.supplyAsync(
            () -> command.execute("chat", "--config", file, "--model", "good", "begin"));
    var held = model.awaitHeld();

    Wait.until(() -> out.toString().equals("begun"));
    ScriptedModel.answer(held);

    assertThat(status.get(20, TimeUnit.SECONDS)).isZero();
    assertThat(out.toString()).isEqualTo("begundone" + System.lineSeparator());
  }

  private static HttpResponse<String> chat(RunningCommand server, String id, boolean streamed)
      throws Exception {
    return server
        .post(
            "/v1/chat/completions",
            "{'model':'%s','stream':%s,'messages':[{'role':'user','content':'Hi'}]}"
                .formatted(id, streamed))
        .get(20, TimeUnit.SECONDS);
  }

  private RunningCommand server(String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("--config", file()));
    return new RunningCommand(all.toArray(String[]::new));
  }

  private String file() throws IOException {
    return Files.writeString(
            directory.resolve("server.yaml"), CONFIG.replace("TARGET", model.target()))
        .toString();
  }
}
