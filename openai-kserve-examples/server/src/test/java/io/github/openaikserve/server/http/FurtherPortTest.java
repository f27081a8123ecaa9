package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.server.testing.Script;
import io.github.openaikserve.server.testing.StreamSource;
import io.github.openaikserve.server.testing.Wire;
import java.io.IOException;
import java.net.ConnectException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A further port of a server. */
final class FurtherPortTest {
  @Test
  void aFurtherPortUsesTheSameThreads() throws Exception {
    Set<String> threads = ConcurrentHashMap.newKeySet();
    var script =
        new Script(
            request -> {
              threads.add(Thread.currentThread().getName());
              return CompletableFuture.completedFuture(Script.text(200, "ok"));
            });
    try (ReferenceServer server = ReferenceServer.start(script, ServerOptions.defaults(), 2)) {
      int further = server.listenAlso(script, ServerOptions.defaults());
      for (int i = 0; i < 20; i++) {
        get(server.port());
        get(further);
      }
    }

    assertThat(threads)
        .hasSizeLessThanOrEqualTo(2)
        .allMatch(name -> name.startsWith("vert.x-eventloop-thread-"));
  }

  @Test
  void aFurtherPortIsServedWhileAllConnectionsOfTheServerAreInUse() throws Exception {
    var stream = new StreamSource();
    try (ReferenceServer server =
        ReferenceServer.start(
            stream.asScript(),
            ServerOptions.builder()
                .maxConnections(1)
                .gracePeriod(java.time.Duration.ZERO)
                .build())) {
      int further = server.listenAlso(Script.echo(), ServerOptions.defaults());
      try (Wire busy = new Wire(server.port())) {
        busy.send(Wire.post("a"));
        stream.subscriber.get(20, TimeUnit.SECONDS);

        get(further);

        stream.send("data: one\n\n");
        busy.readUntil("one");
      }
    }
  }

  @Test
  void aFurtherPortClosesWithTheServerAndAUsedPortIsReported() throws Exception {
    int further;
    try (ReferenceServer server = ReferenceServer.start(Script.echo(), ServerOptions.defaults())) {
      further = server.listenAlso(Script.echo(), ServerOptions.defaults());
      int taken = server.port();
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(
              () -> server.listenAlso(Script.echo(), ServerOptions.builder().port(further).build()))
          .withMessageStartingWith("cannot listen on 127.0.0.1:" + further);
      get(taken);
    }
    assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new Wire(further).close());
  }

  private static void get(int port) throws IOException {
    try (Wire wire = new Wire(port)) {
      wire.send("GET /x HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
      assertThat(wire.readAll()).startsWith("HTTP/1.1 200 ");
    }
  }
}
