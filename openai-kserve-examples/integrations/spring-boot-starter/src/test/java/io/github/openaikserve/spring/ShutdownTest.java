package io.github.openaikserve.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.testing.ScriptedResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;

/** The end of an application in the middle of a stream. */
@Timeout(120)
final class ShutdownTest {
  private static final String STREAM =
      "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],\"stream\":true}";

  @ParameterizedTest
  @EnumSource(names = {"SERVLET", "REACTIVE"})
  void aStopWaitsForARunningStream(WebApplicationType type) throws Exception {
    var release = new CompletableFuture<Void>();
    var stopping = new RunningApplication(type, "--server.shutdown=graceful");
    stopping.model.answering(
        call -> ScriptedResponse.tokens(call, "first", "second").waitsBefore(1, release));

    assertThat(stop(stopping, release)).contains("second").endsWith("data: [DONE]\n");
  }

  @ParameterizedTest
  @EnumSource(names = {"SERVLET", "REACTIVE"})
  void aStreamThatOutlastsTheGracePeriodSaysSoAndEnds(WebApplicationType type) throws Exception {
    var stopping =
        new RunningApplication(
            type,
            "--server.shutdown=graceful",
            "--spring.lifecycle.timeout-per-shutdown-phase=500ms",
            "--openai-kserve.shutdown-timeout=100ms");
    stopping.model.answering(
        call ->
            ScriptedResponse.of(ScriptedResponse.tokens(call, "first").responses().subList(0, 1))
                .thenHangs());

    assertThat(stop(stopping, new CompletableFuture<>()))
        .contains("event: error")
        .doesNotContain("[DONE]");
  }

  /** Stops an application in the middle of a stream, and returns what followed to a whole end. */
  private static String stop(RunningApplication stopping, CompletableFuture<Void> release)
      throws Exception {
    OpenAiKServe openai = stopping.context.getBean(OpenAiKServe.class);
    InputStream body =
        HttpClient.newHttpClient()
            .send(
                stopping
                    .request("/v1/chat/completions")
                    .POST(HttpRequest.BodyPublishers.ofString(STREAM))
                    .build(),
                HttpResponse.BodyHandlers.ofInputStream())
            .body();
    try (var events = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      awaitFirst(events);
      CompletableFuture<Void> stopped = CompletableFuture.runAsync(stopping.context::close);
      await(stopping.context::isClosed); // true from the beginning of the stop
      release.complete(null);
      String rest = events.lines().collect(Collectors.joining("\n"));
      stopped.get(30, TimeUnit.SECONDS);
      assertThat(openai.isShutdown()).isTrue();
      return rest;
    } finally {
      stopping.close();
    }
  }

  private static void await(BooleanSupplier reached) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static void awaitFirst(BufferedReader events) throws IOException {
    String line = events.readLine();
    while (line != null && !line.contains("first")) {
      line = events.readLine();
    }
    assertThat(line).isNotNull();
  }
}
