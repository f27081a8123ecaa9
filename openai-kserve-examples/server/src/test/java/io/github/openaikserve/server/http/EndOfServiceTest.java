package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.server.testing.Script;
import io.github.openaikserve.server.testing.StreamSource;
import io.github.openaikserve.server.testing.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The shutdown of a server. */
final class EndOfServiceTest extends ServerTest {
  private static final Duration NONE = Duration.ZERO;
  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void readinessFailsFirstWhileRequestsAreStillAccepted() throws Exception {
    start(Script.echo(), Duration.ofSeconds(4), NONE);

    assertThat(get("/health/ready")).startsWith("HTTP/1.1 200");
    CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
    awaitNotReady();

    assertThat(get("/health/live")).startsWith("HTTP/1.1 200");
    assertThat(get("/health")).startsWith("HTTP/1.1 503");
    assertThat(get("/v1/models")).startsWith("HTTP/1.1 200");
    assertThat(closing).isNotDone();
    closing.get(20, TimeUnit.SECONDS);
  }

  @Test
  void aResponseDuringTheShutdownDelayClosesItsConnection() throws Exception {
    start(Script.echo(), Duration.ofSeconds(1), LONG);
    try (Wire wire = connect()) {
      wire.send(Wire.post("a")).readUntil("POST /x a");
      CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
      awaitNotReady();

      assertThat(wire.send(Wire.post("b")).readAll())
          .startsWith("HTTP/1.1 200")
          .contains("connection: close\r\n")
          .endsWith("POST /x b");
      closing.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void theDelayCanBeSkipped() throws Exception {
    start(Script.echo(), Duration.ofMinutes(10), LONG);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
    awaitNotReady();

    server.skipShutdownDelay();

    closing.get(20, TimeUnit.SECONDS);
  }

  @Test
  void newRequestsAreRefusedAndLivenessSucceedsWhileStreamsFinish() throws Exception {
    var source = new StreamSource();
    // A health check before the shutdown is answered at once.
    start(
        new Script(
            request ->
                CompletableFuture.completedFuture(
                    request.path().startsWith("/health")
                        ? Script.text(200, "ok")
                        : source.response())),
        NONE,
        LONG);

    try (Wire wire = connect()) {
      wire.send(Wire.post("a"));
      source.send("data: one\n\n");
      wire.readUntil("one");
      CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
      awaitNotReady();

      assertThat(get("/v1/models")).startsWith("HTTP/1.1 503");
      source.send("data: two\n\n");
      wire.readUntil("two");
      source.subscriber.join().onComplete();
      assertThat(wire.readUntil("\r\n0\r\n\r\n")).doesNotContain("error", "503");
      closing.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void streamsThatDoNotEndInTimeEndWithAnErrorAndTheirCallsAreCancelled() throws Exception {
    var source = new StreamSource();
    start(source.asScript(), NONE, Duration.ofMillis(100));

    try (Wire wire = connect()) {
      wire.send(Wire.post("a"));
      source.send("data: one\n\n");
      wire.readUntil("one");
      server.close();

      String rest = wire.readAll();
      // The error of Script.
      assertThat(rest).contains("event: error\ndata: unavailable\n\n").endsWith("\r\n0\r\n\r\n");
      assertThat(source.cancelled).isDone();
    }
  }

  @Test
  void requestsWithoutAResponseAfterTheGracePeriodAreRefused() throws Exception {
    var never = new CompletableFuture<ApiResponse>();
    var received = new CountDownLatch(1);
    start(
        new Script(
            request -> {
              received.countDown();
              return never;
            }),
        NONE,
        Duration.ofMillis(100));

    try (Wire wire = connect()) {
      wire.send(Wire.post("a"));
      received.await();
      server.close();

      assertThat(wire.readAll()).startsWith("HTTP/1.1 503");
      assertThat(never).isCancelled();
    }
  }

  private void awaitNotReady() throws IOException {
    String answer;
    do {
      answer = get("/health/ready");
    } while (!answer.startsWith("HTTP/1.1 503"));
  }

  private String get(String path) throws IOException {
    return answer("GET " + path + " HTTP/1.1\r\nhost: x\r\n\r\n", "\r\n\r\n");
  }

  private void start(Script script, Duration delay, Duration grace) throws IOException {
    server =
        ReferenceServer.start(
            script, ServerOptions.builder().shutdownDelay(delay).gracePeriod(grace).build());
  }
}
