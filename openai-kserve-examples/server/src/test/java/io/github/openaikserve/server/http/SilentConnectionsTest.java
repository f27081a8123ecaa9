package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.github.openaikserve.grpc.servers.Certificates;
import io.github.openaikserve.server.connection.OpenConnections;
import io.github.openaikserve.server.key.ApiKeyHandler;
import io.github.openaikserve.server.limits.RequestNotes;
import io.github.openaikserve.server.testing.Http2Frames;
import io.github.openaikserve.server.testing.Script;
import io.github.openaikserve.server.testing.Wait;
import io.github.openaikserve.server.testing.Wire;
import io.github.openaikserve.testsupport.LogCapture;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that connect and send nothing, or never finish their TLS handshake. */
final class SilentConnectionsTest extends ServerTest {
  private static final int MAX = 5;

  @RegisterExtension private final LogCapture log = new LogCapture(OpenConnections.class);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<Wire> silent = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (Wire wire : silent) {
      wire.close();
    }
    server.close();
  }

  private double gauge(String name) {
    return registry.get("openai_kserve.http.connections" + name).gauge().value();
  }

  private double closedAtLimit() {
    return registry.get("openai_kserve.http.connections.closed_at_limit").functionCounter().count();
  }

  /** Waits until all requests have begun and the server waits for each of the clients. */
  private void awaitSilence(int connections, int requests) throws Exception {
    Wait.until(() -> begunRequests() >= requests && gauge(".silent") >= connections);
  }

  private double begunRequests() {
    return registry.get("openai_kserve.http.requests.active").gauge().value()
        + registry.find("http.server.request.duration").timers().stream()
            .mapToLong(Timer::count)
            .sum();
  }

  private void start(ServerOptions options) throws Exception {
    server =
        ReferenceServer.start(Script.echo(), options, new HttpMeters(registry), new RequestNotes());
  }

  private void connect(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      silent.add(connect());
    }
  }

  @Test
  void anUnfinishedHandshakeCountsAsAConnection(@TempDir Path directory) throws Exception {
    Certificates own = Certificates.make(directory, "localhost");
    start(
        ServerOptions.builder()
            .maxConnections(MAX)
            .tls(new ServerTls(own.certificate(), own.key(), null, Duration.ofMinutes(1)))
            .build());

    connect(20);

    for (Wire first : silent.subList(0, 20 - MAX)) {
      first.readAllOrReset(); // it ends: the server has closed it
    }
    assertThat(gauge("")).isEqualTo(MAX);
  }

  @Test
  void aClientIsServedWhileTheMaximumOfConnectionsIsSilentAndOneWarningIsLogged() throws Exception {
    start(ServerOptions.builder().maxConnections(MAX).build());

    connect(100);
    for (int i = 0; i < 10; i++) {
      answer(Wire.post("a"), "POST /x a");
    }

    assertThat(gauge(".max")).isEqualTo(MAX);
    assertThat(closedAtLimit()).isGreaterThanOrEqualTo(100 - MAX);
    assertThat(log.events())
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.getLevel()).isEqualTo(Level.WARN);
              assertThat(line.getFormattedMessage())
                  .isEqualTo("connection limit reached, closing silent connections limit=5");
            });
  }

  /** Input of a client that neither sends the rest nor reads the response; its requests. */
  static Stream<Arguments> unfinished() {
    String post = "POST /x HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n";
    return Stream.of(
        Arguments.of(bytes("POST /x HT"), 0),
        Arguments.of(bytes(post), 0),
        Arguments.of(bytes(post + "\r\n"), 1),
        Arguments.of(bytes(post + "\r\nhalf"), 1),
        Arguments.of(bytes(post + "authorization: Bearer k\r\n\r\nhalf"), 1),
        Arguments.of(bytes(post.replace("10", "100000") + "\r\n"), 1),
        Arguments.of(
            bytes("GET /health/live HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf"), 1),
        Arguments.of(Http2Frames.connection().post(1, "/x", 0).bytes(), 1),
        Arguments.of(Http2Frames.connection().post(1, "/health/live", 0).bytes(), 1),
        Arguments.of(Http2Frames.connection().get(1, "/health/live").bytes(), 1));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @MethodSource("unfinished")
  void clientsAreServedWhileAllOthersAreUnfinished(byte[] input, int requests) throws Exception {
    server =
        ReferenceServer.start(
            new ApiKeyHandler(Script.echo(), List.of("k")),
            ServerOptions.builder().maxConnections(MAX).build(),
            new HttpMeters(registry),
            new RequestNotes());
    for (int i = 0; i < MAX; i++) {
      silent.add(connect().send(input));
    }
    awaitSilence(MAX, MAX * requests);

    for (int i = 0; i < 10; i++) {
      answer("GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n", "GET /health/live");
    }
    assertThat(gauge("")).isLessThanOrEqualTo(MAX);
    assertThat(closedAtLimit()).isPositive();
  }

  @Test
  void silentConnectionsAreClosedAfterTheRequestTimeout(@TempDir Path directory) throws Exception {
    Certificates own = Certificates.make(directory, "localhost");
    ServerOptions.Builder brief =
        ServerOptions.builder().maxBody(1024).requestTimeout(Duration.ofMillis(300));
    ServerOptions plain = brief.build();
    var tls = new ServerTls(own.certificate(), own.key(), null, Duration.ofMinutes(1));
    for (ServerOptions options : List.of(plain, brief.tls(tls).build())) {
      start(options);
      connect(3);

      for (Wire wire : silent) {
        wire.readAllOrReset();
      }
      silent.clear();
      server.close();
    }
  }
}
