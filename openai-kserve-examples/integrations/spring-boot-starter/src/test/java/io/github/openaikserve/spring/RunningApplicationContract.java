package io.github.openaikserve.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.testing.ScriptedResponse;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.WebApplicationType;

/** What every kind of web application does with the starter. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
abstract class RunningApplicationContract {
  static final String QUESTION =
      "{\"model\":\"llama\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
  private static final String STREAM = QUESTION.replace("}]}", "}],\"stream\":true}");
  static final String PATH = "/v1/chat/completions";

  private final WebApplicationType type;

  @SuppressWarnings("NullAway.Init")
  RunningApplication application;

  RunningApplicationContract(WebApplicationType type) {
    this.type = type;
  }

  @BeforeAll
  void start() {
    application =
        new RunningApplication(
            type,
            "--spring.threads.virtual.enabled=true", // from JDK 21 on
            "--server.shutdown=immediate", // ShutdownTest has the other
            "--openai-kserve.routes.max-body=2KB",
            "--management.endpoint.health.show-details=always",
            "--management.endpoints.web.exposure.include=health,metrics");
  }

  @BeforeEach
  void script() {
    application.model.answers(List.of("Hello", " there"));
  }

  @AfterAll
  void end() {
    application.close();
  }

  @Test
  void chatsAreAnsweredWholeAndStreamed() throws Exception {
    HttpResponse<String> whole = application.post(PATH, QUESTION);
    HttpResponse<String> stream = application.post(PATH, STREAM);

    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.body()).contains("\"content\":\"Hello there\"");
    assertThat(whole.headers().firstValueAsLong("content-length")).isPresent();
    assertThat(stream.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/event-stream");
    assertThat(stream.body()).contains("\"content\":\"Hello\"").endsWith("data: [DONE]\n\n");
    assertThat(application.get("/v1/models").body()).contains("\"id\":\"llama\"");
  }

  @Test
  void eventsAreSentAsTheyCome() throws Exception {
    var release = new CompletableFuture<Void>();
    application.model.answering(
        call -> ScriptedResponse.tokens(call, "first", "second").waitsBefore(1, release));

    try (BufferedReader events = open()) {
      assertThat(awaitLine(events, "first")).contains("first");
      release.complete(null);
      assertThat(awaitLine(events, "second")).contains("second");
    }
  }

  private BufferedReader open() throws Exception {
    InputStream body =
        HttpClient.newHttpClient()
            .send(
                application.request(PATH).POST(HttpRequest.BodyPublishers.ofString(STREAM)).build(),
                HttpResponse.BodyHandlers.ofInputStream())
            .body();
    return new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
  }

  private static String awaitLine(BufferedReader events, String word) throws Exception {
    for (String line = events.readLine(); line != null; line = events.readLine()) {
      if (line.contains(word)) {
        return line;
      }
    }
    throw new AssertionError("the stream ended without '" + word + "'");
  }

  @Test
  void failuresHaveOpenAisShape() throws Exception {
    assertThat(application.post(PATH, "{").statusCode()).isEqualTo(400);
    assertThat(application.post(PATH, QUESTION.replace("llama", "none")).statusCode())
        .isEqualTo(404);
    assertThat(application.get("/v1/none").body()).contains("\"error\"");
    application.model.failing(BackendCode.RESOURCE_EXHAUSTED, "full");
    assertThat(application.post(PATH, STREAM).statusCode()).isEqualTo(429);
  }

  @Test
  void aStreamThatFailsEndsWithAnErrorEvent() throws Exception {
    var gone = new BackendException(BackendCode.INTERNAL, "The GPU is gone.");
    application.model.answering(
        call ->
            ScriptedResponse.of(ScriptedResponse.tokens(call, "word").responses().subList(0, 1))
                .thenFails(gone));

    assertThat(application.post(PATH, STREAM).body())
        .contains("word")
        .contains("event: error")
        .doesNotContain("[DONE]");
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() throws Exception {
    String large = QUESTION.replace("Hello", "x".repeat(3000));

    HttpResponse<String> refusal = application.post(PATH, large);

    assertThat(refusal.statusCode()).isEqualTo(413);
    assertThat(refusal.body()).contains("exceeds the limit of 2048 bytes");
  }

  @Test
  void aClientThatDisconnectsCancelsTheCall() throws Exception {
    String[] many = new String[200_000];
    Arrays.fill(many, "word ");
    application.model.answering(call -> ScriptedResponse.tokens(call, many));

    try (BufferedReader events = open()) {
      awaitLine(events, "word");
    }

    await(() -> application.model.cancellations() == 1);
  }

  @Test
  void healthSaysWhetherModelsCanBeServed() throws Exception {
    assertThat(application.get("/actuator/health").body())
        .contains("\"openaiKserve\":{")
        .contains("\"status\":\"UP\"");
  }

  @Test
  void callsHaveMeters() throws Exception {
    application.post(PATH, QUESTION);

    assertThat(application.get("/actuator/metrics").body()).contains("gen_ai");
  }

  static void await(BooleanSupplier reached) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }
}
