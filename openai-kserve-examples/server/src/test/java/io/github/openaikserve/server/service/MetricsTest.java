package io.github.openaikserve.server.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.http.ReferenceServer;
import io.github.openaikserve.server.http.ServerOptions;
import io.github.openaikserve.server.key.ApiKeyHandler;
import io.github.openaikserve.server.key.ScopeRule;
import io.github.openaikserve.server.testing.Wire;
import io.github.openaikserve.testing.FakeBackend;
import io.micrometer.core.instrument.Gauge;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

final class MetricsTest {
  @Test
  void callsAppearInThePrometheusMetrics() throws Exception {
    try (var metrics = new Metrics();
        ReferenceServer server =
            start(MetricsHandler.around(openai(metrics), metrics, ScopeRule.open()))) {
      try (Wire wire = new Wire(server.port())) {
        String body = "{\"prompt\":\"sesame\",\"stream\":true}";
        wire.send(
                "POST /v1/completions HTTP/1.1\r\nhost: x\r\ncontent-length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body)
            .readUntil("[DONE]");
      }

      assertThat(metrics(server))
          .startsWith("HTTP/1.1 200")
          .contains(
              "gen_ai_client_inference_duration_seconds_bucket",
              "gen_ai_client_inference_time_to_first_chunk_seconds_count",
              "gen_ai_client_inference_time_per_output_chunk_seconds_count",
              "gen_ai_server_time_per_output_token_seconds_count",
              "gen_ai_client_inference_usage_input_tokens_total",
              "gen_ai_client_inference_usage_output_tokens_total",
              "gen_ai_client_inference_operation_output_tokens_bucket",
              "openai_kserve_calls_active",
              "gen_ai_request_model=\"m\"")
          .doesNotContain("sesame");
    }
  }

  @Test
  void metricsAreNotCollectedOnAnEventLoop() throws Exception {
    Set<String> threads = ConcurrentHashMap.newKeySet();
    try (var metrics = new Metrics();
        ReferenceServer server =
            start(MetricsHandler.around(openai(metrics), metrics, ScopeRule.open()))) {
      Gauge.builder("probe", threads, all -> all.add(Thread.currentThread().getName()) ? 1 : 0)
          .register(metrics.registry());

      assertThat(metrics(server)).startsWith("HTTP/1.1 200").contains("probe");
    }
    assertThat(threads).isNotEmpty().noneMatch(name -> name.contains("eventloop"));
  }

  @Test
  void metricsNeedAKeyOnTheServersPortAndNoneOnASeparatePort() throws Exception {
    try (var metrics = new Metrics();
        ReferenceServer beside =
            start(
                new ApiKeyHandler(
                    MetricsHandler.around(openai(metrics), metrics, ScopeRule.open()),
                    List.of("key")))) {
      int alone =
          beside.listenAlso(
              MetricsHandler.standalone(openai(metrics), metrics), ServerOptions.defaults());

      assertThat(get(beside.port(), "/metrics")).startsWith("HTTP/1.1 401");
      assertThat(get(alone, "/metrics")).startsWith("HTTP/1.1 200");
      assertThat(get(alone, "/v1/models")).startsWith("HTTP/1.1 404");
    }
  }

  private static OpenAiHandler openai(Metrics metrics) {
    return OpenAiKServe.builder(FakeBackend.tokens("a", "b", "c"))
        .listener(metrics.listener())
        .model("m", Dialects.ANYSERVE)
        .build()
        .httpHandler();
  }

  private static ReferenceServer start(OpenAiHandler handler) throws IOException {
    return ReferenceServer.start(handler, ServerOptions.defaults());
  }

  private static String metrics(ReferenceServer server) throws IOException {
    try (Wire wire = new Wire(server.port())) {
      return wire.send(request("/metrics")).readAll();
    }
  }

  private static String get(int port, String path) throws IOException {
    try (Wire wire = new Wire(port)) {
      return wire.send(request(path)).readUntil("\r\n\r\n");
    }
  }

  private static String request(String path) {
    return "GET " + path + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
  }
}
