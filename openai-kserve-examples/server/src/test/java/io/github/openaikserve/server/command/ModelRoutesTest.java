package io.github.openaikserve.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.server.testing.ScriptedModel;
import io.github.openaikserve.server.warmup.WarmUp;
import io.github.openaikserve.testsupport.LogCapture;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
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

  @RegisterExtension private final LogCapture warmUp = new LogCapture(WarmUp.class);

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
        MODEL.matcher(ask(server, "llama")).results().forEach(found -> models.add(found.group(1)));
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

      assertThat(warmUp.messages())
          .singleElement()
          .asString()
          .startsWith("warm-up ended requests=6 ");
      assertThat(metrics).contains("openai_kserve_").doesNotContain("warm-up", "gen_ai_");
      assertThat(one.calls() + two.calls()).isZero();

      ask(server, "stable");
      assertThat(server.get("/metrics").body())
          .contains("gen_ai_client_inference_duration")
          .doesNotContain("warm-up");
    }
  }

  private static String ask(RunningCommand server, String model) throws Exception {
    HttpResponse<String> response =
        server
            .post("/v1/completions", "{'model':'%s','prompt':'quick'}".formatted(model))
            .get(20, TimeUnit.SECONDS);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  private Path file(ScriptedModel one, ScriptedModel two) throws Exception {
    return Files.writeString(
        directory.resolve("server.yaml"),
        CONFIG.replace("ONE", one.target()).replace("TWO", two.target()));
  }
}
