package io.github.openaikserve.examples.javalin;

import io.github.openaikserve.http.HostContract;
import io.github.openaikserve.testing.FakeBackend;
import io.javalin.Javalin;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The handler in a Javalin application. */
final class JavalinExampleTest extends HostContract {
  private @Nullable Javalin server;

  @AfterEach
  void end() {
    if (server != null) {
      server.stop();
    }
  }

  @Override
  protected URI start(FakeBackend backend) {
    server = JavalinExample.start(handler(backend), 0);
    return URI.create("http://127.0.0.1:" + server.port());
  }
}
