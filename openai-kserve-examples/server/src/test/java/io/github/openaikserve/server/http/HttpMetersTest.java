package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.key.ApiKeyHandler;
import io.github.openaikserve.server.limits.RequestNotes;
import io.github.openaikserve.server.testing.Script;
import io.github.openaikserve.server.testing.StreamSource;
import io.github.openaikserve.server.testing.Wait;
import io.github.openaikserve.server.testing.Wire;
import io.github.openaikserve.testing.FakeBackend;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The meters of HTTP. */
final class HttpMetersTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private long count(String method, String route, int status) {
    Timer timer =
        registry
            .find("http.server.request.duration")
            .tags(
                "http.request.method", method,
                "http.route", route,
                "http.response.status_code", String.valueOf(status))
            .timer();
    return timer == null ? 0 : timer.count();
  }

  @Test
  void requestsAreCountedByMethodRouteAndStatusWithoutTextFromClients() throws Exception {
    try (ReferenceServer server =
        ReferenceServer.start(
            new ApiKeyHandler(
                new Script(
                    request ->
                        CompletableFuture.completedFuture(
                            Script.text(request.path().equals("/v1/models") ? 429 : 200, "x"))),
                List.of("k")),
            ServerOptions.defaults(),
            new HttpMeters(registry),
            new RequestNotes())) {
      for (int i = 0; i < 10; i++) {
        send(server, "GET /v1/models/m" + i + "?q=" + i + " HTTP/1.1\r\nx-api-key: k\r\n");
        send(server, "GET /invented" + i + " HTTP/1.1\r\nx-api-key: k\r\n");
        send(server, "INVENTED" + i + " /health HTTP/1.1\r\n");
      }
      send(server, "GET /v1/models HTTP/1.1\r\nx-api-key: k\r\n");
      send(server, "GET /v1/embeddings HTTP/1.1\r\n");
      send(server, "no request at all\r\n");
    }

    assertThat(count("GET", "/v1/models/{model}", 200)).isEqualTo(10);
    assertThat(count("GET", "_OTHER", 200)).isEqualTo(10);
    assertThat(count("_OTHER", "/health", 200)).isEqualTo(10);
    assertThat(count("GET", "/v1/models", 429)).isEqualTo(1);
    assertThat(count("GET", "/v1/embeddings", 401)).isEqualTo(1);
    assertThat(count("_OTHER", "_OTHER", 400)).isEqualTo(1);
    assertThat(registry.find("http.server.request.duration").timers()).hasSize(6);
  }

  @Test
  void everyPathOfTheOpenApiDocumentIsARoute() throws IOException {
    OpenAiHandler handler =
        OpenAiKServe.builder(FakeBackend.tokens("a"))
            .model("m", Dialects.ANYSERVE)
            .build()
            .httpHandler();
    var get = new ApiRequest("GET", "/openapi.json", Map.of(), new byte[0]);
    var document = new ByteArrayOutputStream();
    handler.handle(get).join().body().writeTo(document);

    List<String> paths =
        Pattern.compile("\"(/[a-z0-9/_.-]+)\"\\s*:\\s*\\{")
            .matcher(document.toString(StandardCharsets.UTF_8))
            .results()
            .map(path -> path.group(1))
            .toList();

    assertThat(paths)
        .hasSizeGreaterThan(20)
        .noneMatch(path -> HttpMeters.route(path).equals("_OTHER"));
  }

  @Test
  void theGaugeOfFreeBodyBytesFollowsAReload() throws Exception {
    long large = 1L << 40;
    try (ReferenceServer server =
        ReferenceServer.start(
            Script.echo(),
            ServerOptions.defaults(),
            new HttpMeters(registry),
            new RequestNotes())) {
      server.reconfigure(ServerOptions.builder().maxBody(large).build());

      assertThat(registry.get("openai_kserve.http.body_bytes.free").gauge().value())
          .isEqualTo((double) large);
    }
  }

  @ParameterizedTest
  @CsvSource({"1000, 0", "100000, 100000"})
  void theMemoryOfALargeBodyIsTakenUntilItsStreamEnds(int length, long held) throws Exception {
    var source = new StreamSource();
    try (ReferenceServer server =
            ReferenceServer.start(
                source.asScript(),
                ServerOptions.defaults(),
                new HttpMeters(registry),
                new RequestNotes());
        Wire wire = new Wire(server.port())) {
      Gauge free = registry.get("openai_kserve.http.body_bytes.free").gauge();
      double all = free.value();
      wire.send(Wire.post("a".repeat(length)));
      source.subscriber.get(20, TimeUnit.SECONDS);
      source.send("begun");
      wire.readUntil("begun");

      assertThat(free.value()).isEqualTo(all - held);
      source.subscriber.join().onComplete();
      Wait.until(() -> free.value() == all);
    }
  }

  private static void send(ReferenceServer server, String head) throws Exception {
    try (Wire wire = new Wire(server.port())) {
      wire.send(head + "host: x\r\nconnection: close\r\n\r\n").readAll();
    }
  }
}
