package io.github.openaikserve.examples.helidon;

import io.github.openaikserve.http.HostContract;
import io.github.openaikserve.testing.FakeBackend;
import io.helidon.webserver.WebServer;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The handler in Helidon. */
final class HelidonExampleTest extends HostContract {
  private @Nullable WebServer server;

  @AfterEach
  void end() {
    if (server != null) {
      server.stop();
    }
  }

  @Override
  protected URI start(FakeBackend backend) {
    server = HelidonExample.start(handler(backend), 0);
    return URI.create("http://127.0.0.1:" + server.port());
  }
}
