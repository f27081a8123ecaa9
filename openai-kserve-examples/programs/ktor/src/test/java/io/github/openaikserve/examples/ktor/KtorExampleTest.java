package io.github.openaikserve.examples.ktor;

import io.github.openaikserve.http.HostContract;
import io.github.openaikserve.testing.FakeBackend;
import io.ktor.server.cio.CIOApplicationEngine;
import io.ktor.server.engine.EmbeddedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The handler in Ktor. */
final class KtorExampleTest extends HostContract {
  private @Nullable EmbeddedServer<CIOApplicationEngine, ?> server;

  @AfterEach
  void end() {
    if (server != null) {
      server.stop(0, 0);
    }
  }

  @Override
  protected URI start(FakeBackend backend) throws IOException {
    int port = freePort();
    server = KtorExampleKt.server(handler(backend), port);
    server.start(false);
    return URI.create("http://127.0.0.1:" + port);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
