package io.github.openaikserve.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.github.openaikserve.server.testing.ScriptedModel;
import io.github.openaikserve.testsupport.LogCapture;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server with and without keys shows to whom. */
final class AccessTest {
  private static final String[] OPERATOR = {"authorization", "Bearer ops"};
  private static final String[] USER = {"authorization", "Bearer bob"};

  @RegisterExtension
  private final LogCapture log =
      new LogCapture("io.github.openaikserve.server.service", Level.WARN);

  @Test
  void onlyOperatorsMayReadTheMetricsOnTheServersPort() throws Exception {
    try (var model = new ScriptedModel();
        var server = start(model, "--api-key", "bob", "--operator-key", "ops")) {
      server.post("/v1/completions", "{'prompt':'quick'}", USER).get(20, TimeUnit.SECONDS);

      HttpResponse<String> refused = server.get("/metrics", USER);
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).contains("missing_scope", "read the status and the metrics");
      assertThat(server.get("/metrics").statusCode()).isEqualTo(401);
      assertThat(server.get("/metrics", OPERATOR).body())
          .contains("openai_kserve_client_requests_total");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, '', 1",
    "0.0.0.0, --api-key=x, 0",
    "0.0.0.0, --operator-key=x, 0",
    "127.0.0.1, '', 0",
    "localhost, '', 0"
  })
  void aServerWithoutKeysWarnsIfOtherMachinesCanReachIt(String host, String option, int warnings)
      throws Exception {
    try (var model = new ScriptedModel();
        var server =
            option.isEmpty()
                ? start(model, "--host", host)
                : start(model, "--host", host, option)) {
      assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
    }

    assertThat(log.events())
        .filteredOn(line -> line.getFormattedMessage().startsWith("no API key is configured"))
        .hasSize(warnings)
        .allSatisfy(
            line -> {
              assertThat(line.getLevel()).isEqualTo(Level.WARN);
              assertThat(line.getFormattedMessage()).contains("host=0.0.0.0");
            });
  }

  private static RunningCommand start(ScriptedModel model, String... options) {
    List<String> all = new ArrayList<>(List.of("--port", "0"));
    all.addAll(List.of("--anyserve-endpoint", model.target()));
    all.addAll(List.of(options));
    return new RunningCommand(all.toArray(String[]::new));
  }
}
