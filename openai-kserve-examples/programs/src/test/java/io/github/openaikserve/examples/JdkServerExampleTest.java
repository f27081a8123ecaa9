package io.github.openaikserve.examples;

import com.sun.net.httpserver.HttpServer;
import io.github.openaikserve.http.HostContract;
import io.github.openaikserve.testing.FakeBackend;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The handler behind the JDK's own HTTP server. */
final class JdkServerExampleTest extends HostContract {
  private @Nullable HttpServer server;

  @AfterEach
  void end() throws Exception {
    if (server != null) {
      server.stop(0);
    }
  }

  @Override
  protected URI start(FakeBackend backend) throws Exception {
    server = JdkServerExample.start(handler(backend), 0);
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }
}
