package io.github.openaikserve.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.grpc.servers.PlainModel;
import io.github.openaikserve.grpc.servers.TritonServer;
import io.github.openaikserve.grpc.servers.VllmModel;
import io.github.openaikserve.server.testing.ScriptedModel;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options of the running server that change what a client of it sees. */
final class ServeOptionsTest {
  private static final String PAGE = "Chat and status in a browser: ";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Test
  void theWebPageIsServedUnlessAnOptionDisablesIt() throws Exception {
    try (var model = new ScriptedModel();
        var with = new RunningCommand("--port", "0", "--anyserve-endpoint", model.target());
        var without =
            new RunningCommand("--port", "0", "--no-ui", "--anyserve-endpoint", model.target())) {
      assertThat(with.get("/").statusCode()).isEqualTo(200);
      assertThat(with.get("/").headers().firstValue("content-type").orElseThrow())
          .startsWith("text/html");
      assertThat(with.out()).contains(PAGE);

      assertThat(without.get("/").statusCode()).isEqualTo(404);
      assertThat(without.get("/").headers().firstValue("content-type").orElseThrow())
          .startsWith("application/json");
      assertThat(without.out()).doesNotContain(PAGE);
      assertThat(without.get("/v1/models").statusCode()).isEqualTo(200);
      assertThat(without.get("/status").statusCode()).isEqualTo(with.get("/status").statusCode());
    }
  }

  @Test
  void onlyTheNamedModelOfAServerIsServed() throws Exception {
    try (TritonServer triton = TritonServer.start(PlainModel.python(), VllmModel.newest("other"));
        var server =
            new RunningCommand(
                "serve", "--port", "0", "--endpoint", triton.target(), "--model", "llama-cpp")) {
      assertThat(server.get("/v1/models").body())
          .contains("\"id\":\"llama-cpp\"")
          .doesNotContain("other");
      assertThat(ask(server, "{'model':'llama-cpp','prompt':'Hi'}").statusCode()).isEqualTo(200);
      HttpResponse<String> other = ask(server, "{'model':'other','prompt':'Hi'}");
      assertThat(other.statusCode()).isEqualTo(404);
      assertThat(other.body()).contains("model_not_found");
      assertThat(server.out()).contains("serves the model llama-cpp");
    }
  }

  @Test
  void aTenantOverItsLimitIs429WithRetryAfter() throws Exception {
    String config =
        """
        server:
          port: 0
          rate_limits: {tenants: {header: x-tenant, trusted_proxies: [127.0.0.1, '::1'], requests_per_minute: 2}}
        backends: [{name: one, target: "TARGET"}]
        models: [{id: m, dialect: anyserve}]
        """;
    try (var model = new ScriptedModel()) {
      Path file =
          Files.writeString(
              directory.resolve("server.yaml"), config.replace("TARGET", model.target()));
      try (var server = new RunningCommand("--config", file.toString())) {
        for (int i = 0; i < 2; i++) {
          assertThat(askAs(server, "acme").statusCode()).isEqualTo(200);
        }

        HttpResponse<String> refused = askAs(server, "acme");

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body())
            .contains("\"code\":\"rate_limit_exceeded\"", "\"type\":\"requests\"");
        assertThat(Integer.parseInt(refused.headers().firstValue("retry-after").orElseThrow()))
            .isBetween(1, 30);
        assertThat(refused.headers().firstValue("x-ratelimit-limit-requests")).contains("2");
        assertThat(refused.headers().firstValue("x-ratelimit-remaining-requests")).contains("0");
        assertThat(askAs(server, "other").statusCode()).isEqualTo(200);
        assertThat(ask(server, "{'prompt':'quick'}").statusCode()).isEqualTo(200);
        assertThat(model.calls()).isEqualTo(4);
        assertThat(server.get("/metrics").body())
            .contains(
                "openai_kserve_client_refused_total{client=\"tenant:acme\",limit=\"requests\"} 1.0");
      }
    }
  }

  private static HttpResponse<String> askAs(RunningCommand server, String tenant) throws Exception {
    return server
        .post("/v1/completions", "{'prompt':'quick'}", "x-tenant", tenant)
        .get(20, TimeUnit.SECONDS);
  }

  private static HttpResponse<String> ask(RunningCommand server, String body) throws Exception {
    return server.post("/v1/completions", body).get(20, TimeUnit.SECONDS);
  }
}
