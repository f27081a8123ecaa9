package io.github.openaikserve.examples;

import io.github.openaikserve.http.HostContract;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.testing.FakeBackend;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** The handler behind Vert.x. */
final class VertxExampleTest extends HostContract {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void end() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Override
  protected URI start(FakeBackend backend) throws Exception {
    OpenAiHandler handler = handler(backend);
    HttpServer server =
        VertxServerExample.start(vertx, handler, 0)
            .toCompletionStage()
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }
}
