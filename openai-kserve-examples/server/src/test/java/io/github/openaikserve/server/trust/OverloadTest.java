package io.github.openaikserve.server.trust;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * More callers than permits, with a slow model and a heap of 256 MiB: every caller receives its
 * whole answer or a 429. The build runs a part of them. {@code -Doverload.part=1} runs all: 2,000
 * streams, 5,000 waiting calls and 500 more.
 */
final class OverloadTest {
  private static final int PART = Integer.getInteger("overload.part", 8);
  private static final int PLACES = 2000 / PART;
  private static final int QUEUE = 5000 / PART;
  private static final int TOO_MANY = 500 / PART;
  private static final int TOKENS = 10;
  private static final long PACE_MILLIS = 50;
  private static final int PATIENCE_SECONDS = 180;

  /** The outcome of one caller: its answer, a refusal, or a description of anything else. */
  private record Outcome(boolean answered, boolean refused, String otherwise) {}

  @Test
  void everyCallerReceivesACompleteAnswerOr429() throws Exception {
    // No call is answered before all permits and the queue are in use.
    var full = new CompletableFuture<Void>();
    try (var model = new SlowModel(TOKENS, PACE_MILLIS, full)) {
      Process service = start(model.port());
      try (var said =
          new BufferedReader(
              new InputStreamReader(service.getInputStream(), StandardCharsets.UTF_8))) {
        List<Outcome> outcomes = callAll(next(said, LimitedService.PORT), model, full);
        service.getOutputStream().close();
        int peak = next(said, LimitedService.HEAP);

        report(outcomes, model, peak);
        assertThat(outcomes).extracting(Outcome::otherwise).containsOnly("");
        assertThat(outcomes).filteredOn(Outcome::answered).hasSize(PLACES + QUEUE);
        assertThat(outcomes).filteredOn(Outcome::refused).hasSize(TOO_MANY);
        assertThat(model.most()).isEqualTo(PLACES);
        assertThat(peak).isLessThanOrEqualTo(256);
      } finally {
        service.destroyForcibly().waitFor();
      }
    }
  }

  private static int next(BufferedReader said, String word) throws IOException {
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith(word)) {
        return Integer.parseInt(line.substring(word.length()));
      }
    }
    throw new AssertionError("the service has ended without a word");
  }

  private static void report(List<Outcome> outcomes, SlowModel model, int peak) {
    System.out.printf(
        "overload: %d callers, %d answered, %d refused with 429, at most %d at the model, heap at"
            + " most %d MiB of 256%n",
        outcomes.size(),
        outcomes.stream().filter(Outcome::answered).count(),
        outcomes.stream().filter(Outcome::refused).count(),
        model.most(),
        peak);
  }

  private static Process start(int modelPort) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-cp",
            System.getProperty("java.class.path"),
            LimitedService.class.getName(),
            String.valueOf(modelPort),
            String.valueOf(PLACES),
            String.valueOf(QUEUE))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static List<Outcome> callAll(int port, SlowModel model, CompletableFuture<Void> full)
      throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      HttpClient client =
          vertx.createHttpClient(
              new HttpClientOptions()
                  .setDefaultPort(port)
                  .setDefaultHost("127.0.0.1")
                  .setConnectTimeout(PATIENCE_SECONDS * 1000),
              new PoolOptions().setHttp1MaxSize(20_000));
      List<Future<Outcome>> calls = new ArrayList<>();
      var refused = new AtomicInteger();
      for (int i = 0; i < PLACES + QUEUE + TOO_MANY; i++) {
        Future<Outcome> call = call(client, model, "client " + i, i < PLACES || i % 2 == 0);
        calls.add(call);
        call.onSuccess(
            outcome -> {
              if (outcome.refused() && refused.incrementAndGet() == TOO_MANY) {
                full.complete(null);
              }
            });
      }
      return Future.join(calls)
          .transform(done -> Future.succeededFuture(calls))
          .map(all -> all.stream().map(OverloadTest::outcome).toList())
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }

  private static Outcome outcome(Future<Outcome> call) {
    return call.succeeded()
        ? call.result()
        : new Outcome(false, false, String.valueOf(call.cause()));
  }

  private static Future<Outcome> call(
      HttpClient client, SlowModel model, String prompt, boolean stream) {
    String body = "{\"stream\":%s,\"max_tokens\":100,\"prompt\":\"%s\"}".formatted(stream, prompt);
    return client
        .request(HttpMethod.POST, "/v1/completions")
        .compose(request -> request.send(body))
        .compose(
            response ->
                response
                    .body()
                    .map(bytes -> judge(response, bytes.toString(), model.answer(prompt), stream)));
  }

  private static Outcome judge(
      HttpClientResponse response, String body, String answer, boolean stream) {
    if (response.statusCode() == 429
        && response.getHeader("retry-after") != null
        && body.startsWith("{\"error\":")) {
      return new Outcome(false, true, "");
    }
    boolean whole =
        stream
            ? text(body).equals(answer) && body.endsWith("data: [DONE]\n\n")
            : text(body).equals(answer);
    return response.statusCode() == 200 && whole
        ? new Outcome(true, false, "")
        : new Outcome(false, false, response.statusCode() + " " + body);
  }

  private static String text(String body) {
    return body.lines()
        .filter(line -> line.contains("\"text\":\""))
        .map(line -> line.replaceFirst(".*\"text\":\"([^\"]*)\".*", "$1"))
        .collect(Collectors.joining());
  }
}
