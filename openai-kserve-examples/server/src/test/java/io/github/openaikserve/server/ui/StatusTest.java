package io.github.openaikserve.server.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.ModelCheck;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.resilience.LimitedBackend;
import io.github.openaikserve.server.key.ScopeRule;
import io.github.openaikserve.server.limits.Client;
import io.github.openaikserve.server.limits.Client.Scope;
import io.github.openaikserve.server.limits.ClientLimits;
import io.github.openaikserve.server.limits.ClientUsage;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StatusTest {
  private static final ScopeRule OPEN = ScopeRule.withoutKeys(true);

  private final ManualScheduler clock = new ManualScheduler();
  private final ServerStatus status = new ServerStatus("1.2.3", clock::nanoTime);

  @Test
  void theFieldsMatchTheOperationsPage() throws IOException {
    OpenAiHandler handler = handler(FakeBackend.tokens("a", "b", "c"));
    clock.advance(Duration.ofMillis(1500));
    ask(handler, false);
    ask(handler, true);

    JsonNode read = read(handler);
    assertThat(read)
        .isEqualTo(
            json(
                """
                {"version":"1.2.3","uptime_seconds":1.5,"ready":true,
                 "calls":{"started":2,"completed":2,"failed":0,"cancelled":0,"in_flight":0,
                          "input_tokens":%d,"output_tokens":6,"errors":{}},
                 "backends":[{"name":"gpu","available":true,"in_flight":0,"waiting":0,"limit":8,
                   "endpoints":[{"address":"gpu-1:8001","available":true,
                     "circuit_breaker":"closed","in_flight":0,"reason":"","failures":0,
                     "last_failure":null}]}],
                 "models":[{"id":"m","backend":"gpu","state":"undeclared","available":true,
                            "findings":[]}],
                 "clients":[{"name":"alice","requests":5,"refused":1,"input_tokens":10,
                             "output_tokens":20,"in_flight":2}]}
                """
                    .formatted(read.at("/calls/input_tokens").asInt())));
    assertThat(read.at("/calls/input_tokens").asInt()).isPositive();
  }

  @Test
  void theStatusIsNotCollectedOnTheCallersThread() throws IOException {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    OpenAiHandler handler = handler(FakeBackend.tokens("a"));
    status.clients(
        () -> {
          threads.add(Thread.currentThread());
          return List.of();
        });

    read(handler);

    assertThat(threads).isNotEmpty().doesNotContain(Thread.currentThread());
  }

  @Test
  void failuresAreCodesWithoutMessages() throws IOException {
    var failure =
        new BackendException(BackendCode.INTERNAL, "open sesame").withEndpoint("gpu-1:8001");
    OpenAiHandler handler =
        handler(FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenFails(failure)));
    ask(handler, false);
    ask(handler, false);
    clock.advance(Duration.ofSeconds(7));

    JsonNode read = read(handler);
    assertThat(read.at("/calls/failed").asInt()).isEqualTo(2);
    assertThat(read.at("/calls/errors/internal").asInt()).isEqualTo(2);
    JsonNode endpoint = read.at("/backends/0/endpoints/0");
    assertThat(endpoint.at("/failures").asInt()).isEqualTo(2);
    assertThat(endpoint.at("/last_failure"))
        .isEqualTo(json("{\"code\":\"internal\",\"status\":502,\"seconds_ago\":7}"));
    assertThat(read.toString()).doesNotContain("sesame");
  }

  @Test
  void tokensOfARunningStreamAreCountedAsTheyArrive() throws IOException {
    OpenAiHandler handler =
        handler(FakeBackend.answering(call -> ScriptedResponse.tokens(call, "a", "b").thenHangs()));
    ApiResponse stream = ask(handler, true);
    try (var body = stream.body().inputStream()) {
      assertThat(body.read()).isNotNegative();
      JsonNode read = read(handler);
      assertThat(read.at("/calls/in_flight").asInt()).isEqualTo(1);
      assertThat(read.at("/calls/output_tokens").asInt()).isPositive();
      assertThat(read.at("/backends/0/in_flight").asInt()).isEqualTo(1);
    }
    assertThat(read(handler).at("/calls/cancelled").asInt()).isEqualTo(1);
    assertThat(read(handler).at("/calls/in_flight").asInt()).isZero();
  }

  @Test
  void serversAreAskedAboutModelsAtMostEveryThirtySeconds() throws IOException {
    OpenAiHandler handler = handler(FakeBackend.tokens("a"));
    var asked = new AtomicInteger();
    status.models(
        () -> {
          asked.incrementAndGet();
          return CompletableFuture.completedFuture(
              List.of(new ModelCheck("x", ModelCheck.Outcome.MISSING, List.of("no model x"))));
        },
        Map.of());

    for (int i = 0; i < 5; i++) {
      assertThat(read(handler).at("/models/0/state").asText()).isEqualTo("missing");
    }
    assertThat(asked).hasValue(1);
    clock.advance(Duration.ofSeconds(30));
    read(handler);
    assertThat(asked).hasValue(2);
  }

  @Test
  void unresponsiveServersDoNotDelayTheStatus() throws IOException {
    OpenAiHandler handler = handler(FakeBackend.tokens("a"));
    status.models(() -> CompletableFuture.failedFuture(new IllegalStateException()), Map.of());
    assertThat(read(handler).at("/models")).isEmpty();
    status.models(CompletableFuture::new, Map.of());
    assertThat(read(handler).at("/models")).isEmpty();
  }

  @Test
  void aServerWithoutAnAvailableModelIsNotReady() throws IOException {
    assertThat(read(handler(FakeBackend.tokens("a").ready(false))).at("/ready").asBoolean())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "true, localhost:8080, 200", "true, 127.0.0.1, 200", "true, [::1]:80, 200",
    "true, evil.example:8080, 403", "true, '', 403", "false, localhost, 403"
  })
  void withoutKeysOnlyLoopbackRequestsMayReadTheStatus(
      boolean loopback, String host, int expected) {
    OpenAiHandler handler =
        new StatusHandler(api(FakeBackend.tokens("a")), status, ScopeRule.withoutKeys(loopback));
    ApiRequest request = get(Map.of("Host", List.of(host)));

    assertThat(handler.handle(request).join().status()).isEqualTo(expected);
    assertThat(handler.reject(request).isPresent()).isEqualTo(expected != 200);
  }

  @Test
  void withKeysOnlyOperatorsMayReadTheStatus() {
    Map<String, Client> clients =
        Map.of(
            "ops", new Client("ops", Set.of(Scope.OPERATOR), ClientLimits.NONE),
            "user", new Client("user", Set.of(), ClientLimits.NONE));
    OpenAiHandler handler =
        new StatusHandler(
            api(FakeBackend.tokens("a")),
            status,
            ScopeRule.forKeys(request -> clients.get(String.valueOf(request.header("x-key")))));

    assertThat(handler.handle(get(Map.of("x-key", List.of("ops")))).join().status()).isEqualTo(200);
    ApiResponse refused = handler.handle(get(Map.of("x-key", List.of("user")))).join();
    assertThat(refused.status()).isEqualTo(403);
    assertThat(new String(refused.body().bytes(), StandardCharsets.UTF_8))
        .contains("missing_scope", "operator");
    assertThat(handler.handle(get(Map.of())).join().status()).isEqualTo(403);
  }

  private OpenAiHandler handler(FakeBackend fake) {
    return new StatusHandler(api(fake), status, OPEN);
  }

  private OpenAiHandler api(FakeBackend fake) {
    BalancedBackend balanced = BalancedBackend.around("gpu-1:8001", fake);
    LimitedBackend limited = LimitedBackend.around(balanced, ConcurrencyLimit.of(8));
    OpenAiKServe openai =
        OpenAiKServe.builder(limited)
            .listener(status.listener())
            .model("m", Dialects.ANYSERVE)
            .build();
    status.backends(Map.of("gpu", balanced), Map.of("gpu", limited));
    status.models(openai::checkAsync, Map.of("m", "gpu"));
    status.clients(() -> List.of(new ClientUsage("alice", 5, 1, 10, 20, 2)));
    return openai.httpHandler();
  }

  private static ApiResponse ask(OpenAiHandler handler, boolean stream) {
    String body = "{\"prompt\":\"open sesame\",\"stream\":%s}".formatted(stream);
    ApiResponse response =
        handler
            .handle(
                new ApiRequest(
                    "POST", "/v1/completions", Map.of(), body.getBytes(StandardCharsets.UTF_8)))
            .join();
    if (response.body().length() >= 0) {
      response.body().bytes();
    }
    return response;
  }

  private static JsonNode read(OpenAiHandler handler) throws IOException {
    ApiResponse response = handler.handle(get(Map.of("host", List.of("localhost")))).join();
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers())
        .containsEntry("cache-control", "no-store")
        .containsEntry("content-type", "application/json");
    return json(new String(response.body().bytes(), StandardCharsets.UTF_8));
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }

  private static ApiRequest get(Map<String, List<String>> headers) {
    return new ApiRequest("GET", "/status", headers, new byte[0]);
  }
}
