package io.github.openaikserve.examples.server;

import io.github.openaikserve.http.OpenAiHandler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves an {@link OpenAiHandler} over HTTP/1.1. Thread-safe.
 *
 * <p>A client's socket sets the pace of the backend, and a client that goes away cancels its call,
 * also while nothing has been written yet. A client that is too slow to send a request is hung up
 * on; one that is slow to read is not. Offers to upgrade to HTTP/2 are answered as plain HTTP/1.1.
 */
public final class ReferenceServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ReferenceServer.class);
  private static final int START_SECONDS = 30;
  private static final int MAX_HEADERS = 64 << 10;
  private static final int MAX_LINE = 16 << 10;
  private static final int CHECKS_PER_PATIENCE = 8;

  private final Vertx vertx;
  private final HttpServer server;
  private final Exchanges exchanges;
  private final ServerOptions options;
  private final AtomicBoolean closed = new AtomicBoolean();

  private ReferenceServer(
      Vertx vertx, HttpServer server, Exchanges exchanges, ServerOptions options) {
    this.vertx = vertx;
    this.server = server;
    this.exchanges = exchanges;
    this.options = options;
  }

  /**
   * Listens.
   *
   * @throws IOException if the address is taken or no address of this machine
   */
  public static ReferenceServer start(OpenAiHandler handler, ServerOptions options)
      throws IOException {
    Vertx vertx = Vertx.vertx();
    var exchanges = new Exchanges();
    HttpServer server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHttp2ClearTextEnabled(false)
                    .setMaxHeaderSize(MAX_HEADERS)
                    .setMaxInitialLineLength(MAX_LINE)
                    .setTcpNoDelay(true))
            .connectionHandler(exchanges::opened)
            .requestHandler(request -> new Exchange(request, handler, options, exchanges).begin());
    long patience = options.patience().toMillis();
    vertx.setPeriodic(
        Math.max(1, patience / CHECKS_PER_PATIENCE),
        periodically -> exchanges.hangUpOnIdle(patience));
    try {
      server
          .listen(options.port(), options.host())
          .toCompletionStage()
          .toCompletableFuture()
          .get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      vertx.close();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          "cannot listen on %s:%d: %s"
              .formatted(options.host(), options.port(), cause.getMessage()),
          cause);
    } catch (InterruptedException e) {
      vertx.close();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while starting", e);
    }
    return new ReferenceServer(vertx, server, exchanges, options);
  }

  /** The port it listens on. */
  public int port() {
    return server.actualPort();
  }

  /**
   * Refuses new requests with 503, lets running ones end for the grace period, then ends what is
   * left and stops listening. Blocks meanwhile; does nothing the second time.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      long grace = options.grace().toMillis();
      if (!exchanges.drain(grace)) {
        log.warn("{} requests were still running after the grace period", exchanges.running());
      }
      await(server.shutdown(0, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      await(vertx.close());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(io.vertx.core.Future<?> future) throws InterruptedException {
    try {
      future.toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.debug("the server did not close cleanly", e);
    }
  }
}
