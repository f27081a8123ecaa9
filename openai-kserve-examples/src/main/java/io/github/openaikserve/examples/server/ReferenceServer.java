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
 * on; one that is slow to read is not, unless it takes nothing at all for too long. Offers to
 * upgrade to HTTP/2 are answered as plain HTTP/1.1.
 */
public final class ReferenceServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ReferenceServer.class);
  private static final int START_SECONDS = 30;
  private static final int MAX_LINE = 16 << 10;
  private static final int CHECKS_PER_PATIENCE = 8;
  private static final long LAST_WORDS_MILLIS = 2000;

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
   * @throws IOException if the address is taken or no address of this machine, or the certificates
   *     cannot be read
   */
  public static ReferenceServer start(OpenAiHandler handler, ServerOptions options)
      throws IOException {
    ServerTls tls = options.tls();
    ServerCertificates certificates = tls == null ? null : new ServerCertificates(tls);
    HttpServerOptions http =
        new HttpServerOptions()
            .setHttp2ClearTextEnabled(false)
            .setUseAlpn(false)
            .setMaxHeaderSize(options.maxHeaders())
            .setMaxInitialLineLength(MAX_LINE)
            .setTcpNoDelay(true);
    Vertx vertx = Vertx.vertx();
    var exchanges = new Exchanges();
    HttpServer server =
        vertx
            .createHttpServer(certificates == null ? http : certificates.in(http))
            .invalidRequestHandler(request -> Malformed.answer(request, handler, options))
            .connectionHandler(connection -> exchanges.opened(connection, options.maxConnections()))
            .requestHandler(request -> new Exchange(request, handler, options, exchanges).begin());
    if (certificates != null) {
      certificates.watch(vertx, server);
    }
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
   * Says for a while that it is not ready, and takes requests all the same; then refuses new ones
   * with 503 and lets running ones end for the grace period; then ends what is left, streams with
   * an {@code error} event, and stops listening. Blocks meanwhile; does nothing the second time.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      exchanges.announce(options.notice().toMillis());
      if (!exchanges.drain(options.grace().toMillis())) {
        log.warn("{} requests are ended after the grace period", exchanges.running());
        exchanges.endAll();
        if (!exchanges.drain(LAST_WORDS_MILLIS)) {
          log.warn("{} clients did not hear the end", exchanges.running());
          exchanges.cutAll();
        }
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
