package io.github.openaikserve.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.server.testing.ScriptedModel;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routes and the warm-up of the running server. */
final class ModelRoutesTest {
  private static final String CONFIG =
      """
      backends:
        - {name: one, target: "ONE"}
        - {name: two, target: "TWO"}
      models:
        - {id: stable, backend: one, dialect: anyserve}
        - {id: canary, backend: two, dialect: anyserve}
      routes:
        - {id: llama, targets: [{model: stable, weight: 3}, {model: canary}], fallback: stable}
      """;
  private static final Pattern MODEL = Pattern.compile("\"model\":\"([a-z]+)\"");

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Test
  void aRouteSharesRequestsAmongItsModelsAndTheAnswerNamesTheModel() throws Exception {
    try (var one = new ScriptedModel();
        var two = new ScriptedModel();
        var server = new RunningCommand("--port", "0", "--config", file(one, two).toString())) {
      var models = new TreeSet<String>();
      for (int i = 0; i < 12; i++) {
        HttpResponse<String> response =
            server
                .post("/v1/completions", "{'model':'llama','prompt':'quick'}")
                .get(20, TimeUnit.SECONDS);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        MODEL.matcher(response.body()).results().forEach(found -> models.add(found.group(1)));
      }

      assertThat(models).containsExactly("canary", "stable");
      assertThat(one.calls()).isGreaterThan(two.calls());
      assertThat(server.get("/v1/models").body()).contains("\"id\":\"llama\"");
    }
  }

  @Test
  void warmUpRequestsReachNoModelServerAndNoMetric() throws Exception {
    try (var one = new ScriptedModel();
        var two = new ScriptedModel();
        var server =
            new RunningCommand(
                "--port", "0", "--warm-up", "6", "--config", file(one, two).toString())) {
      String metrics = server.get("/metrics").body();

      assertThat(metrics).doesNotContain("warm-up", "gen_ai_client_operation_duration");
      assertThat(one.calls() + two.calls()).isZero();
    }
  }

  private Path file(ScriptedModel one, ScriptedModel two) throws Exception {
    return Files.writeString(
        directory.resolve("server.yaml"),
        CONFIG.replace("ONE", one.target()).replace("TWO", two.target()));
  }
}
