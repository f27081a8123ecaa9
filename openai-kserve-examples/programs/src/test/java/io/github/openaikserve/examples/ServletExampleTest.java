package io.github.openaikserve.examples;

import io.github.openaikserve.http.HostContract;
import io.github.openaikserve.testing.FakeBackend;
import java.net.URI;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The handler behind a servlet in Jetty. */
final class ServletExampleTest extends HostContract {
  private @Nullable Server server;

  @AfterEach
  void end() throws Exception {
    if (server != null) {
      server.stop();
    }
  }

  @Override
  protected URI start(FakeBackend backend) throws Exception {
    server = ServletExample.start(handler(backend), 0);
    return URI.create("http://127.0.0.1:" + server.getURI().getPort());
  }
}
