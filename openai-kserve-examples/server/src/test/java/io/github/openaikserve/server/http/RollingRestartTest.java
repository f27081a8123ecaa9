package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.server.testing.Script;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Two servers behind a readiness-polling balancer are replaced one after the other. */
final class RollingRestartTest {
  private static final int REQUESTS = 500;
  private static final int CLIENTS = 8;
  private static final long POLL_MILLIS = 20;
  private static final Duration DELAY = Duration.ofMillis(500);

  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** The ports to which the balancer sends requests. */
  private volatile List<Integer> ready = List.of();

  private volatile boolean replaced;
  private final List<ReferenceServer> servers = new CopyOnWriteArrayList<>();
  private final ConcurrentLinkedQueue<String> outcomes = new ConcurrentLinkedQueue<>();
  private final AtomicInteger next = new AtomicInteger();

  @Test
  void noRequestIsLost() throws Exception {
    servers.add(start());
    servers.add(start());
    poll();
    timer.scheduleWithFixedDelay(this::poll, 0, POLL_MILLIS, TimeUnit.MILLISECONDS);
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    CompletableFuture<?>[] clients =
        Stream.generate(() -> CompletableFuture.runAsync(this::send, threads))
            .limit(CLIENTS)
            .toArray(CompletableFuture<?>[]::new);

    for (int i = 0; i < 2; i++) {
      ReferenceServer old = servers.get(0);
      servers.add(start());
      old.close();
      servers.remove(old);
    }
    replaced = true;
    CompletableFuture.allOf(clients).get(60, TimeUnit.SECONDS);

    assertThat(outcomes).hasSizeGreaterThanOrEqualTo(REQUESTS).containsOnly("200");
    timer.shutdownNow();
    threads.shutdownNow();
    servers.forEach(ReferenceServer::close);
  }

  private static ReferenceServer start() throws Exception {
    return ReferenceServer.start(
        new Script(
            request ->
                CompletableFuture.supplyAsync(
                    () -> Script.text(200, "whole"),
                    CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS))),
        ServerOptions.builder().shutdownDelay(DELAY).gracePeriod(Duration.ofSeconds(10)).build());
  }

  private void poll() {
    ready =
        servers.stream()
            .map(ReferenceServer::port)
            .filter(port -> ask(port, "/health/ready").equals("200"))
            .toList();
  }

  /** Sends requests until the servers have been replaced and enough were sent. */
  private void send() {
    while (!replaced || outcomes.size() < REQUESTS) {
      List<Integer> now = ready;
      outcomes.add(ask(now.get(next.incrementAndGet() % now.size()), "/v1/models"));
    }
  }

  private String ask(int port, String path) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(20))
            .build();
    try {
      return String.valueOf(
          client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
    } catch (Exception e) {
      return e.toString();
    }
  }
}
