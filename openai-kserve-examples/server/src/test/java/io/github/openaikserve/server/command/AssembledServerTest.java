package io.github.openaikserve.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.server.testing.ScriptedModel;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limits, circuit breakers and timeouts of a file apply to clients of the running server. */
final class AssembledServerTest {
  private static final String COMPLETIONS = "/v1/completions";

  private static final String CONFIG =
      """
      server: {port: 0, grace_period: 1s, limits: {stop: 1, headers: 1KiB}}
      backends:
        - {name: narrow, target: "TARGET", limit: {max: 1, queue: 0}, retries: {max_attempts: 1}}
        - {name: fragile, target: "TARGET", circuit_breaker: {consecutive_failures: 2, wait_in_open_state: 1h, max_wait_in_open_state: 1h}, retries: {max_attempts: 1}}
        - {name: hurried, target: "TARGET", first_token_timeout: 200ms}
        - {name: fluent, target: "TARGET", inter_token_timeout: 200ms}
        - {name: brief, target: "TARGET", timeout: 200ms}
        - {name: lax, target: "TARGET", first_token_timeout: 1h}
      models:
        - {id: narrow, backend: narrow, dialect: anyserve}
        - {id: fragile, backend: fragile, dialect: anyserve}
        - {id: hurried, backend: hurried, dialect: anyserve}
        - {id: fluent, backend: fluent, dialect: anyserve}
        - {id: calm, backend: hurried, dialect: anyserve, first_token_timeout: 1h}
        - {id: curt, backend: lax, dialect: anyserve, defaults: {stop: ne}}
        - {id: brief, backend: brief, dialect: anyserve}
        - {id: strict, backend: lax, dialect: anyserve, first_token_timeout: 200ms}
      """;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @SuppressWarnings("NullAway.Init")
  private ScriptedModel model;

  @SuppressWarnings("NullAway.Init")
  private RunningCommand server;

  @BeforeEach
  void start() throws Exception {
    model = new ScriptedModel();
    Path file =
        Files.writeString(
            directory.resolve("server.yaml"), CONFIG.replace("TARGET", model.target()));
    server = new RunningCommand("--config", file.toString());
  }

  @AfterEach
  void end() {
    server.close();
    model.close();
  }

  @Test
  void aCallOverTheLimitIs429WithRetryAfter() throws Exception {
    CompletableFuture<HttpResponse<String>> first = ask("narrow", "hang");
    var call = model.awaitHeld();

    HttpResponse<String> second = ask("narrow", "quick").get(20, TimeUnit.SECONDS);

    assertThat(second.statusCode()).isEqualTo(429);
    assertThat(second.body()).contains("\"code\":\"rate_limit_exceeded\"");
    assertThat(second.headers().firstValue("retry-after")).contains("1");
    ScriptedModel.answer(call);
    assertThat(first.get(20, TimeUnit.SECONDS).body()).contains("done");
    assertThat(ask("narrow", "quick").get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(model.calls()).isEqualTo(2);
  }

  @Test
  void failuresThatACallerCausesDoNotOpenTheCircuitBreaker() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertThat(ask("fragile", "fail").get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(502);
    }

    assertThat(ask("fragile", "quick").get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);
  }

  @Test
  void timeoutsThatClientsSetDoNotOpenTheCircuitBreaker() throws Exception {
    for (int i = 0; i < 5; i++) {
      HttpResponse<String> late =
          server
              .post(
                  COMPLETIONS, "{'model':'fragile','prompt':'hang'}", "x-stainless-timeout", "0.05")
              .get(20, TimeUnit.SECONDS);
      assertThat(late.statusCode()).isEqualTo(504);
    }

    assertThat(ask("fragile", "quick").get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);
  }

  @Test
  void promptsThatAreTooLongDoNotOpenTheCircuitBreaker() throws Exception {
    for (int i = 0; i < 5; i++) {
      HttpResponse<String> refused = ask("fragile", "long").get(20, TimeUnit.SECONDS);
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body()).contains("\"code\":\"context_length_exceeded\"");
    }

    assertThat(ask("fragile", "quick").get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);
  }

  @Test
  void theEndpointsOfEveryServerAreInTheMetrics() throws Exception {
    ask("fragile", "quick").get(20, TimeUnit.SECONDS);

    assertThat(server.get("/metrics").body())
        .contains("openai_kserve_endpoint_available{endpoint=\"" + model.target() + "\"")
        .contains("openai_kserve_circuit_breaker_state{endpoint=\"" + model.target() + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hurried", "strict", "brief"})
  void aServerWithoutAFirstTokenInTimeIs504(String id) throws Exception {
    HttpResponse<String> late = ask(id, "hang").get(20, TimeUnit.SECONDS);

    assertThat(late.statusCode()).isEqualTo(504);
    assertThat(late.body()).contains("\"code\":\"deadline_exceeded\"");
  }

  @Test
  void anUnresponsiveServerEndsTheStreamWithAnError() throws Exception {
    HttpResponse<String> stream =
        server
            .post(COMPLETIONS, "{'model':'fluent','prompt':'begin','stream':true}")
            .get(20, TimeUnit.SECONDS);

    assertThat(stream.statusCode()).isEqualTo(200);
    assertThat(stream.body()).contains("begun", "deadline_exceeded").doesNotContain("[DONE]");
  }

  @Test
  void aModelsTimeoutOverridesItsServers() throws Exception {
    CompletableFuture<HttpResponse<String>> calm = ask("calm", "hang");
    var call = model.awaitHeld();

    // Starts later, and times out earlier.
    assertThat(ask("hurried", "hang").get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(504);
    assertThat(calm).isNotDone();
    ScriptedModel.answer(call);

    assertThat(calm.get(20, TimeUnit.SECONDS).body()).contains("done");
  }

  @Test
  void aDefaultOfAModelIsUsedIfARequestOmitsTheField() throws Exception {
    assertThat(ask("curt", "quick").get(20, TimeUnit.SECONDS).body()).contains("\"text\":\"do\"");
    assertThat(
            server
                .post(COMPLETIONS, "{'model':'curt','prompt':'quick','stop':'e'}")
                .get(20, TimeUnit.SECONDS)
                .body())
        .contains("\"text\":\"don\"");
  }

  @Test
  void aRequestOverALimitIsRefused() throws Exception {
    HttpResponse<String> refused =
        server
            .post(COMPLETIONS, "{'model':'calm','prompt':'quick','stop':['a','b']}")
            .get(20, TimeUnit.SECONDS);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("\"param\":\"stop\"", "maximum length 1");
    assertThat(model.calls()).isZero();
  }

  @Test
  void headersOverTheLimitAreRefused() throws Exception {
    HttpResponse<String> refused = server.get("/v1/models?x=1", "x-long", "a".repeat(2000));

    assertThat(refused.statusCode()).isEqualTo(431);
    assertThat(refused.body()).contains("\"code\":\"headers_too_large\"", "1024 bytes");
  }

  private CompletableFuture<HttpResponse<String>> ask(String id, String prompt) throws Exception {
    return server.post(COMPLETIONS, "{'model':'%s','prompt':'%s'}".formatted(id, prompt));
  }
}
