package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.github.openaikserve.grpc.servers.Certificates;
import io.github.openaikserve.server.limits.RequestNotes;
import io.github.openaikserve.server.testing.Script;
import io.github.openaikserve.server.testing.Wire;
import io.github.openaikserve.testsupport.LogCapture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Clients that connect and send nothing, or never finish their TLS handshake. */
final class SilentConnectionsTest extends ServerTest {
  private static final int MAX = 5;

  @RegisterExtension private final LogCapture log = new LogCapture(ActiveRequests.class);
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
    assertThat(
            registry
                .get("openai_kserve.http.connections.closed_at_limit")
                .functionCounter()
                .count())
        .isGreaterThanOrEqualTo(100 - MAX);
    assertThat(log.events())
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.getLevel()).isEqualTo(Level.WARN);
              assertThat(line.getFormattedMessage())
                  .isEqualTo("connection limit reached, closing silent connections limit=5");
            });
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
