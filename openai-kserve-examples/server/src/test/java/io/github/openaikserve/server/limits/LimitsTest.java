package io.github.openaikserve.server.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.TestSubscriber;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits around the whole service, with a clock that the tests advance. */
final class LimitsTest {
  private static final String CHAT = "/v1/chat/completions";

  private final ManualScheduler clock = new ManualScheduler();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final RequestNotes notes = new RequestNotes();
  private final Map<String, Client> clients = new HashMap<>();
  private FakeBackend backend = FakeBackend.tokens("one", "two", "three");
  private LimitOptions options = LimitOptions.DEFAULT;
  private @Nullable Limits limits;

  @Test
  void requestsOverTheLimitAreRefusedUntilTheBucketRefills() {
    client("alice", new ClientLimits(2, null, null, List.of()));
    OpenAiHandler handler = handler();

    ApiResponse first = chat(handler, "alice", "");
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.headers())
        .containsEntry("x-ratelimit-limit-requests", "2")
        .containsEntry("x-ratelimit-remaining-requests", "1")
        .containsEntry("x-ratelimit-reset-requests", "30s")
        .doesNotContainKey("x-ratelimit-limit-tokens");
    assertThat(chat(handler, "alice", "").status()).isEqualTo(200);
    ApiResponse refused = chat(handler, "alice", "");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.headers())
        .containsEntry("x-ratelimit-remaining-requests", "0")
        .containsEntry("x-ratelimit-reset-requests", "1m0s")
        .containsEntry("retry-after", "30")
        .containsEntry("retry-after-ms", "30000");
    assertThat(text(refused))
        .contains("\"type\":\"requests\"", "\"code\":\"rate_limit_exceeded\"")
        .contains("Limit 2, Used 2, Requested 1. Please try again in 30s.");

    clock.advance(Duration.ofSeconds(30));
    assertThat(chat(handler, "alice", "").status()).isEqualTo(200);
    assertThat(backend.calls()).hasSize(3);
  }

  @Test
  void clientsOfAnthropicReceiveItsRateLimitHeaders() {
    client("alice", new ClientLimits(2, 1000, null, List.of()));
    OpenAiHandler handler = handler();

    Map<String, String> own =
        send(
                handler,
                "alice",
                "/v1/messages",
                "{\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}")
            .headers();

    assertThat(own)
        .containsEntry("anthropic-ratelimit-requests-limit", "2")
        .containsEntry("anthropic-ratelimit-requests-remaining", "1")
        .containsEntry("anthropic-ratelimit-tokens-limit", "1000")
        .containsKeys("anthropic-ratelimit-tokens-remaining", "x-ratelimit-limit-requests");
    assertThat(Instant.parse(own.getOrDefault("anthropic-ratelimit-requests-reset", "")))
        .isBetween(Instant.now(), Instant.now().plusSeconds(62));
    assertThat(chat(handler, "alice", "").headers())
        .doesNotContainKey("anthropic-ratelimit-requests-limit");
  }

  @Test
  void keysWithTheSameNameShareLimitsAndOtherClientsDoNot() {
    client("alice", new ClientLimits(1, null, null, List.of()));
    client("bob", new ClientLimits(1, null, null, List.of()));
    clients.put(
        "second-key", new Client("alice", Set.of(), new ClientLimits(1, null, null, List.of())));
    OpenAiHandler handler = handler();

    assertThat(chat(handler, "alice", "").status()).isEqualTo(200);
    assertThat(chat(handler, "bob", "").status()).isEqualTo(200);
    assertThat(chat(handler, "second-key", "").status()).isEqualTo(429);
  }

  @Test
  void theEstimateOfTokensIsReplacedByTheUsage() {
    client("alice", new ClientLimits(null, 1000, null, List.of()));
    OpenAiHandler handler = handler();

    ApiResponse first = chat(handler, "alice", ",\"max_tokens\":900");
    assertThat(first.headers()).containsEntry("x-ratelimit-limit-tokens", "1000");
    long left = Long.parseLong(first.headers().get("x-ratelimit-remaining-tokens"));
    assertThat(left).isLessThan(100);

    ApiResponse second = chat(handler, "alice", ",\"max_tokens\":900");
    assertThat(second.status()).isEqualTo(200); // the first has used about ten
    assertThat(registry.get("openai_kserve.client.output_tokens").counter().count())
        .isEqualTo(usageOf(first, second));
  }

  private static double usageOf(ApiResponse... answers) {
    double tokens = 0;
    for (ApiResponse answer : answers) {
      tokens +=
          Double.parseDouble(text(answer).replaceAll(".*\"completion_tokens\":([0-9]+).*", "$1"));
    }
    return tokens;
  }

  @Test
  void tokensOverTheLimitAreRefusedAndARequestThatNeverFitsIsNotRetried() {
    client("alice", new ClientLimits(null, 100, null, List.of()));
    backend = FakeBackend.answering(call -> ScriptedResponse.tokens(call, "a").thenHangs());
    OpenAiHandler handler = handler();

    assertThat(stream(handler, "alice", ",\"max_tokens\":80").status()).isEqualTo(200);
    ApiResponse refused = stream(handler, "alice", ",\"max_tokens\":80");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.headers())
        .containsKeys("retry-after", "x-ratelimit-reset-tokens")
        .doesNotContainKey("x-should-retry");
    assertThat(text(refused)).contains("\"type\":\"tokens\"", "tokens per min (TPM)");

    ApiResponse tooLarge = stream(handler, "alice", ",\"max_tokens\":101");
    assertThat(tooLarge.status()).isEqualTo(429);
    assertThat(tooLarge.headers())
        .containsEntry("x-should-retry", "false")
        .doesNotContainKey("retry-after");
    assertThat(text(tooLarge)).contains("Request too large");
  }

  @Test
  void aStreamCountsUntilItHasEnded() {
    client("alice", new ClientLimits(null, null, 1, List.of()));
    OpenAiHandler handler = handler();

    ApiResponse first = stream(handler, "alice", "");
    ApiResponse refused = chat(handler, "alice", "");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.headers()).containsEntry("retry-after", "1");
    assertThat(text(refused)).contains("\"type\":\"requests\"", "concurrent requests: Limit 1");

    assertThat(text(first)).contains("[DONE]");
    assertThat(chat(handler, "alice", "").status()).isEqualTo(200);
    assertThat(limits().open()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"closed", "cancelled", "cancelled after a token"})
  void aCancelledStreamIsSettled(String how) {
    client("alice", new ClientLimits(null, 1000, 1, List.of()));
    backend = FakeBackend.answering(call -> ScriptedResponse.tokens(call, "a", "b").thenHangs());
    OpenAiHandler handler = handler();

    ApiResponse stream = stream(handler, "alice", ",\"max_tokens\":900");
    if (how.equals("closed")) {
      stream.body().close();
    } else {
      var reader = new TestSubscriber<ByteBuffer>();
      stream.body().subscribe(reader);
      if (how.endsWith("token")) {
        reader.request(1);
      }
      reader.cancel();
    }

    assertThat(limits().open()).isZero();
    assertThat(limits().usage()).singleElement().extracting(ClientUsage::inFlight).isEqualTo(0);
    ApiResponse next = stream(handler, "alice", ",\"max_tokens\":900");
    assertThat(next.status()).isEqualTo(200);
  }

  @Test
  void aRequestThatIsCancelledBeforeItsResponseIsSettled() {
    client("alice", new ClientLimits(null, 1000, 1, List.of()));
    backend = FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs());
    OpenAiHandler handler = handler();

    CompletableFuture<ApiResponse> answer =
        handler.handle(post("alice", CHAT, body("", true, ",\"max_tokens\":900")));
    assertThat(answer).isNotDone();
    answer.cancel(false);

    assertThat(backend.cancellations()).isEqualTo(1);
    assertThat(limits().open()).isZero();
    assertThat(limits().usage()).singleElement().extracting(ClientUsage::inFlight).isEqualTo(0);
  }

  @Test
  void aFailedRequestReturnsItsReservedTokens() {
    client("alice", new ClientLimits(null, 1000, 1, List.of()));
    backend =
        FakeBackend.answering(
            call ->
                ScriptedResponse.of(List.of())
                    .thenFails(new BackendException(BackendCode.INTERNAL, "broken")));
    OpenAiHandler handler = handler();

    for (int i = 0; i < 3; i++) {
      assertThat(chat(handler, "alice", ",\"max_tokens\":900").status()).isEqualTo(502);
      assertThat(send(handler, "alice", CHAT, "{\"max_tokens\":900}").status()).isEqualTo(400);
    }
    assertThat(limits().open()).isZero();
  }

  @Test
  void concurrentEndsOfRequestsLoseNoTokens() throws Exception {
    int capacity = 100_000_000;
    client("alice", new ClientLimits(null, capacity, null, List.of()));
    OpenAiHandler handler = handler();
    try (var threads = new Threads(8)) {
      threads.run(
          thread -> {
            for (int i = 0; i < 60; i++) {
              CompletableFuture<ApiResponse> answer =
                  handler.handle(post("alice", CHAT, body("", i % 3 > 0, ",\"max_tokens\":900")));
              switch (i % 3) {
                case 0 -> assertThat(answer.join().status()).isEqualTo(200);
                case 1 -> text(answer.join());
                default -> answer.join().body().close();
              }
            }
          });
    }

    assertThat(limits().open()).isZero();
    ClientUsage usage = limits().usage().get(0);
    assertThat(usage.inFlight()).isZero();
    assertThat(usage.requests()).isEqualTo(480);
    String last = body("", false, ",\"max_tokens\":900");
    long left =
        Long.parseLong(
            send(handler, "alice", CHAT, last).headers().get("x-ratelimit-remaining-tokens"));
    long estimate = RequestSummary.of(last.getBytes(StandardCharsets.UTF_8)).tokens();
    assertThat(left + estimate + usage.inputTokens() + usage.outputTokens()).isEqualTo(capacity);
  }

  @Test
  void requestsWithoutAModelAreNotRestricted() {
    client("alice", new ClientLimits(null, null, null, List.of("small")));
    OpenAiHandler handler = handler();

    for (String path : List.of("/v1/conversations", "/v1/responses/resp_1/cancel")) {
      assertThat(text(send(handler, "alice", path, "{}")))
          .as(path)
          .doesNotContain("Missing required parameter: 'model'");
    }
    assertThat(text(send(handler, "alice", "/v1/responses", "{\"input\":\"Hi\"}")))
        .contains("Missing required parameter: 'model'");
  }

  @Test
  void aModelThatAClientMayNotUseIsUnknownToIt() {
    client("alice", new ClientLimits(null, null, null, List.of("small", "tiny-*")));
    OpenAiHandler handler = handler();

    for (String forbidden :
        List.of("{\"model\":\"large\",", "{\"model\":\"small\",\"model\":\"large\",")) {
      ApiResponse answer = send(handler, "alice", CHAT, forbidden + messages("") + "}");
      assertThat(answer.status()).isEqualTo(404);
      assertThat(text(answer)).contains("model_not_found", "The model 'large' does not exist.");
    }
    assertThat(get(handler, "alice", "/v1/models/large").status()).isEqualTo(404);
    assertThat(get(handler, "alice", "/v1/models/lar%67e").status()).isEqualTo(404);
    assertThat(get(handler, "alice", "/v1/models/small").status()).isEqualTo(200);
    assertThat(handler.handle(post("alice", "/v1/models/large/load", "")).join().status())
        .isEqualTo(404);
    assertThat(handler.handle(post("alice", "/v1/models/small/load", "")).join().status())
        .isEqualTo(403);
    for (String list : List.of("/v1/models", "/v1/models/")) {
      assertThat(text(get(handler, "alice", list)))
          .contains("\"small\"", "\"tiny-1\"")
          .doesNotContain("large");
    }
    assertThat(text(get(handler, "other", "/v1/models"))).contains("large");
    assertThat(send(handler, "alice", CHAT, "{\"model\":\"tiny-1\"," + messages("") + "}").status())
        .isEqualTo(200);
  }

  @Test
  void anthropicsApiAppliesTheModelsAndLimitsOfAKey() {
    client("alice", new ClientLimits(2, null, null, List.of("small", "tiny-*")));
    OpenAiHandler handler = handler();
    String hi = "\"max_tokens\":9," + messages("") + "}";

    assertThat(text(anthropic(handler, "GET", "/v1/models", "")))
        .contains("\"first_id\":\"small\"", "\"last_id\":\"tiny-1\"")
        .doesNotContain("large");
    assertThat(text(anthropic(handler, "POST", "/v1/messages", "{\"model\":\"large\"," + hi)))
        .contains("not_found_error");
    String small = "{\"model\":\"small\"," + hi;
    assertThat(anthropic(handler, "POST", "/v1/messages?beta=true", small).status()).isEqualTo(200);
    assertThat(anthropic(handler, "POST", "/v1/messages/count_tokens", small).status())
        .isEqualTo(200);
    ApiResponse refused = anthropic(handler, "POST", "/v1/messages", small);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(text(refused)).contains("\"type\":\"rate_limit_error\"");
  }

  private static ApiResponse anthropic(
      OpenAiHandler handler, String method, String path, String body) {
    return handler
        .handle(
            new ApiRequest(
                method,
                path,
                Map.of("x-client", List.of("alice"), "anthropic-version", List.of("2023-06-01")),
                body.getBytes(StandardCharsets.UTF_8)))
        .join();
  }

  @Test
  void aPathWithoutAVersionDoesNotBypassTheModelsOfAClient() {
    client("alice", new ClientLimits(null, null, null, List.of("small")));
    OpenAiHandler handler = handler();

    for (String path : List.of("/rerank", "/v2/rerank", "/v1/rerank", "/score", "/classify")) {
      ApiResponse answer =
          send(
              handler,
              "alice",
              path,
              "{\"model\":\"large\",\"query\":\"q\",\"documents\":[\"a\"]}");
      assertThat(answer.status()).as(path).isEqualTo(404);
      assertThat(text(answer)).contains("model_not_found");
    }
    assertThat(backend.calls()).isEmpty();
  }

  @Test
  void theModelOfAFormMustBeAllowed() {
    client("alice", new ClientLimits(null, null, null, List.of("small")));
    OpenAiHandler handler = handler();

    assertThat(transcribe(handler, "small", "large").status()).isEqualTo(404);
    assertThat(transcribe(handler, "large").status()).isEqualTo(404);
    assertThat(text(transcribe(handler))).contains("Missing required parameter: 'model'");
    assertThat(text(transcribe(handler, "small")))
        .contains("The model 'small' does not support the transcriptions API.");
  }

  private static ApiResponse transcribe(OpenAiHandler handler, String... models) {
    var form = new StringBuilder();
    for (String model : models) {
      form.append("--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n")
          .append(model)
          .append("\r\n");
    }
    form.append("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nRIFF\r\n--b--");
    return handler
        .handle(
            new ApiRequest(
                "POST",
                "/v1/audio/transcriptions",
                Map.of(
                    "x-client", List.of("alice"),
                    "content-type", List.of("multipart/form-data; boundary=b")),
                form.toString().getBytes(StandardCharsets.UTF_8)))
        .join();
  }

  @Test
  void theDefaultModelDoesNotBypassTheModelsOfAClient() {
    client("alice", new ClientLimits(null, null, null, List.of("small")));
    client("bob", new ClientLimits(null, null, null, List.of("large")));
    OpenAiHandler handler = handler();

    ApiResponse refused = chat(handler, "alice", "");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(text(refused)).contains("missing_required_parameter");
    assertThat(chat(handler, "bob", "").status()).isEqualTo(200);
    assertThat(send(handler, "alice", CHAT, "{\"model\":\"large\"").status()).isEqualTo(400);
    assertThat(backend.calls()).hasSize(1);
  }

  @Test
  void aClientOverItsLimitUploadsNothing() {
    client("alice", new ClientLimits(1, null, null, List.of()));
    OpenAiHandler handler = handler();
    ApiRequest head = post("alice", CHAT, "");

    assertThat(handler.reject(head)).isEmpty();
    assertThat(handler.reject(head)).as("asking takes nothing").isEmpty();
    chat(handler, "alice", "");
    assertThat(handler.reject(head)).get().extracting(ApiResponse::status).isEqualTo(429);
    assertThat(handler.reject(post("alice", "/v1/nothing", "")))
        .get()
        .extracting(ApiResponse::status)
        .isEqualTo(404);
    assertThat(handler.reject(request("GET", "alice", "/v1/models", ""))).isEmpty();
  }

  @Test
  void tenantsHaveSeparateLimitsIfATrustedProxyNamesThem() {
    client("proxy", ClientLimits.NONE);
    options =
        tenants(
            new ClientLimits(1, null, null, List.of()),
            Map.of("vip", new ClientLimits(2, null, null, List.of())));
    OpenAiHandler handler = handler();

    assertThat(tenant(handler, "10.1.1.1", "acme").status()).isEqualTo(200);
    assertThat(tenant(handler, "10.1.1.1", "acme").status()).isEqualTo(429);
    assertThat(tenant(handler, "10.1.1.1", "other").status()).isEqualTo(200);
    assertThat(tenant(handler, "10.1.1.1", "vip").status()).isEqualTo(200);
    assertThat(tenant(handler, "10.1.1.1", "vip").status()).isEqualTo(200);
    for (int i = 0; i < 3; i++) {
      assertThat(tenant(handler, "203.0.113.9", "acme").status())
          .as("the header counts for nothing")
          .isEqualTo(200);
    }
    assertThat(tenant(handler, "10.1.1.1", "a b").status()).isEqualTo(400);
    assertThat(tenant(handler, "10.1.1.1", "x".repeat(65)).status()).isEqualTo(400);
    assertThat(limits().usage())
        .extracting(ClientUsage::name)
        .containsExactlyInAnyOrder("proxy", "tenant:acme", "tenant:other", "tenant:vip");
  }

  @Test
  void aTenantUsesNoModelThatItsKeyMayNot() {
    client("proxy", new ClientLimits(null, null, null, List.of("small")));
    options = tenants(new ClientLimits(null, null, null, List.of("large", "small")), Map.of());
    OpenAiHandler handler = handler();

    assertThat(tenant(handler, "10.1.1.1", "acme", "{\"model\":\"large\",").status())
        .isEqualTo(404);
    assertThat(tenant(handler, "10.1.1.1", "acme", "{\"model\":\"small\",").status())
        .isEqualTo(200);
  }

  @Test
  void limitsByNameAndDefaultLimitsReplaceUnsetLimitsOfAKey() {
    client("alice", new ClientLimits(null, null, 5, List.of()));
    options =
        new LimitOptions(
            new ClientLimits(7, 8, 9, List.of()),
            Map.of("alice", new ClientLimits(3, null, 4, List.of())),
            Optional.empty());

    assertThat(options.of(clients.getOrDefault("alice", Client.ANONYMOUS)))
        .isEqualTo(new ClientLimits(3, 8, 5, List.of()));
    assertThat(options.of(Client.ANONYMOUS)).isEqualTo(new ClientLimits(7, 8, 9, List.of()));
  }

  @Test
  void usageIsInMetricsAndTheAccessLogWithoutAPromptOrAKey() {
    client("alice", new ClientLimits(2, null, null, List.of()));
    OpenAiHandler handler = handler();
    String noted = " client=\"alice\" model=large input_tokens=[1-9][0-9]* output_tokens=3";

    assertThat(note(handler, "alice", false)).matches(noted);
    assertThat(note(handler, "alice", true)).matches(noted);
    assertThat(note(handler, "alice", false)).isEqualTo(" client=\"alice\" limit=requests");
    assertThat(notes.size()).isZero();
    assertThat(
            registry.get("openai_kserve.client.requests").tag("client", "alice").counter().count())
        .isEqualTo(2);
    assertThat(
            registry
                .get("openai_kserve.client.output_tokens")
                .tag("client", "alice")
                .counter()
                .count())
        .isEqualTo(6);
    assertThat(
            registry
                .get("openai_kserve.client.refused")
                .tag("client", "alice")
                .tag("limit", "requests")
                .counter()
                .count())
        .isEqualTo(1);
    assertThat(
            registry.get("openai_kserve.client.in_flight").tag("client", "alice").gauge().value())
        .isZero();
    assertThat(limits().usage())
        .singleElement()
        .satisfies(
            usage -> {
              assertThat(usage.requests()).isEqualTo(2);
              assertThat(usage.refused()).isEqualTo(1);
              assertThat(usage.outputTokens()).isEqualTo(6);
            });
  }

  private void client(String name, ClientLimits limits) {
    clients.put(name, new Client(name, Set.of(), limits));
  }

  private static LimitOptions tenants(ClientLimits byDefault, Map<String, ClientLimits> named) {
    return new LimitOptions(
        ClientLimits.NONE,
        Map.of(),
        Optional.of(
            new TenantRule("x-tenant", List.of(Cidr.of("10.0.0.0/8")), 100, byDefault, named)));
  }

  private OpenAiHandler handler() {
    limits = new Limits(registry, notes, clock::nanoTime);
    OpenAiKServe openai =
        OpenAiKServe.builder(backend)
            .listener(limits.listener())
            .model("large", Dialects.ANYSERVE)
            .model("small", Dialects.ANYSERVE)
            .model("tiny-1", Dialects.ANYSERVE)
            .build();
    return limits.around(
        options,
        request -> clients.get(String.valueOf(request.header("x-client"))),
        with -> openai.with(with).httpHandler(),
        "large");
  }

  /** Sends a request as a connection does; returns the note for its access log line. */
  private String note(OpenAiHandler handler, String client, boolean stream) {
    String number = notes.begin();
    var request =
        new ApiRequest(
            "POST",
            CHAT,
            Map.of("x-client", List.of(client), RequestNotes.HEADER, List.of(number)),
            body("", stream, "").getBytes(StandardCharsets.UTF_8));
    assertThat(text(handler.handle(request).join())).isNotEmpty();
    return notes.end(number).join();
  }

  @Test
  void aRequestThatEndsBeforeItsLimitsAreCheckedLeavesNoEntry() {
    String number = notes.begin();

    assertThat(notes.end(number)).isCompletedWithValue("");
    assertThat(notes.expect(number)).isFalse();
    notes.complete(number, "late");

    assertThat(notes.size()).isZero();
  }

  private Limits limits() {
    return Objects.requireNonNull(limits);
  }

  private static ApiResponse chat(OpenAiHandler handler, String client, String more) {
    return send(handler, client, CHAT, body("", false, more));
  }

  private static ApiResponse stream(OpenAiHandler handler, String client, String more) {
    return send(handler, client, CHAT, body("", true, more));
  }

  private static String body(String model, boolean stream, String more) {
    return "{" + model + "\"stream\":" + stream + "," + messages(more) + "}";
  }

  private static String messages(String more) {
    return "\"messages\":[{\"role\":\"user\",\"content\":\"open sesame\"}]" + more;
  }

  private static ApiResponse tenant(OpenAiHandler handler, String peer, String tenant) {
    return tenant(handler, peer, tenant, "{");
  }

  private static ApiResponse tenant(
      OpenAiHandler handler, String peer, String tenant, String model) {
    return handler
        .handle(
            new ApiRequest(
                "POST",
                CHAT,
                Map.of(
                    "x-client",
                    List.of("proxy"),
                    "X-Tenant",
                    List.of(tenant),
                    PeerAddress.HEADER,
                    List.of(peer)),
                (model + messages("") + "}").getBytes(StandardCharsets.UTF_8)))
        .join();
  }

  private static ApiResponse send(OpenAiHandler handler, String client, String path, String body) {
    return handler.handle(post(client, path, body)).join();
  }

  private static ApiResponse get(OpenAiHandler handler, String client, String path) {
    return handler.handle(request("GET", client, path, "")).join();
  }

  private static ApiRequest post(String client, String path, String body) {
    return request("POST", client, path, body);
  }

  private static ApiRequest request(String method, String client, String path, String body) {
    return new ApiRequest(
        method, path, Map.of("x-client", List.of(client)), body.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(ApiResponse response) {
    return new String(response.body().bytes(), StandardCharsets.UTF_8);
  }
}
