package io.github.openaikserve.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.server.testing.ScriptedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Defaults of the running server, and its behavior without a usable model. */
final class ServerDefaultsTest {
  private static final String CHATS = "/v1/chat/completions";
  private static final String JSON =
      "{'model':'MODEL','messages':[{'role':'user','content':'Hi'}],"
          + "'response_format':{'type':'json_object'}}";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @SuppressWarnings("NullAway.Init")
  private ScriptedModel model;

  @BeforeEach
  void start() throws IOException {
    model = new ScriptedModel();
  }

  @AfterEach
  void end() {
    model.close();
  }

  private static HttpResponse<String> ask(RunningCommand server, String id) throws Exception {
    return server.post(CHATS, JSON.replace("MODEL", id)).get(20, TimeUnit.SECONDS);
  }

  private String config(String models) throws IOException {
    return Files.writeString(
            directory.resolve("server.yaml"),
            """
            server: {port: 0}
            backends: [{name: one, target: "TARGET"}]
            models:
            """
                    .replace("TARGET", model.target())
                + models)
        .toString();
  }

  @Test
  void aResponseFormatIsEmulatedUnlessTheFileSaysOtherwise() throws Exception {
    String file =
        config(
            """
              - {id: usual, dialect: anyserve}
              - {id: refusing, dialect: anyserve, emulate_response_format: false}
            """);
    try (var server = new RunningCommand("--config", file)) {
      HttpResponse<String> asked = ask(server, "usual");
      assertThat(asked.statusCode()).isEqualTo(502);
      assertThat(asked.body()).contains("invalid_model_output");
      assertThat(asked.headers().firstValue("x-should-retry")).contains("false");
      assertThat(model.calls()).isEqualTo(2);

      HttpResponse<String> refused = ask(server, "refusing");
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body())
          .contains("unsupported_parameter", "setting emulate_response_format");
    }
  }

  @Test
  void aResponseFormatIsEmulatedUnlessAFlagSaysOtherwise() throws Exception {
    String endpoint = "--endpoint=" + model.target();
    try (var server =
        new RunningCommand("--port=0", endpoint, "--dialect=anyserve", "--model-name=m")) {
      assertThat(ask(server, "m").statusCode()).isEqualTo(502);
    }
    try (var server =
        new RunningCommand(
            "--port=0",
            endpoint,
            "--dialect=anyserve",
            "--model-name=m",
            "--no-emulate-response-format")) {
      assertThat(ask(server, "m").statusCode()).isEqualTo(400);
    }
  }

  @Test
  void aTemplateThatCannotBeUsedDisablesItsModelOnly() throws Exception {
    Files.writeString(directory.resolve("odd.jinja"), "{{ messages|no_such_filter }}");
    String file =
        config(
            """
              - {id: odd, dialect: anyserve, chat_template: odd.jinja}
              - {id: usual, dialect: anyserve}
            """);
    try (var server = new RunningCommand("--config", file)) {
      assertThat(server.get("/v1/models").body()).contains("\"usual\"").doesNotContain("\"odd\"");
      assertThat(ask(server, "odd").statusCode()).isEqualTo(404);
      HttpResponse<String> unnamed =
          server.post("/v1/completions", "{\"prompt\":\"p\"}").get(20, TimeUnit.SECONDS);
      assertThat(unnamed.body())
          .as("the first model would be the default")
          .contains("Missing required parameter: 'model'");
    }
    assertThat(check(file).text())
        .contains("model 'odd': disabled: ", "server.yaml", "no_such_filter", "model 'usual': ");
    assertThat(check(file).status()).isEqualTo(1);
  }

  @Test
  void aServerWhoseOnlyModelIsDisabledDoesNotStart() throws Exception {
    Files.writeString(directory.resolve("odd.jinja"), "{% if %}");

    Checked checked = check(config("  - {id: odd, dialect: anyserve, chat_template: odd.jinja}\n"));

    assertThat(checked.status()).isEqualTo(1);
    assertThat(checked.text()).contains("no model can be served: model 'odd': disabled: ");
  }

  private record Checked(int status, String text) {}

  private static Checked check(String file) {
    CommandLine command = ServerCommand.commandLine();
    var text = new StringWriter();
    command.setOut(new PrintWriter(text, true));
    command.setErr(new PrintWriter(text, true));
    int status = command.execute("check", "--config", file);
    return new Checked(status, text.toString());
  }
}
