package io.github.openaikserve.server.http;

import io.github.openaikserve.http.OpenAiHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves an {@link OpenAiHandler} over HTTP/1.1, and over HTTP/2 to clients that offer it by ALPN
 * or begin with its preface. Thread-safe.
 *
 * <p>A client's socket sets the pace of the backend, and a client that goes away cancels its call,
 * also while nothing has been written yet. A client that is too slow to send a request is hung up
 * on; one that is slow to read is not, unless it takes nothing at all for too long. Offers to
 * upgrade to HTTP/2 within a connection are answered as plain HTTP/1.1.
 */
public final class ReferenceServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ReferenceServer.class);
  private static final int START_SECONDS = 30;
  private static final int MAX_LINE = 16 << 10;
  private static final int CHECKS_PER_TIMEOUT = 8;

  /** The streams of one HTTP/2 connection at the same time. */
  private static final int MAX_STREAMS = 100;

  /** The streams of one HTTP/2 connection that its client may reset within 30 seconds. */
  private static final int MAX_RESETS = 200;

  /** The bytes that the kernel holds for a reader that stops; its own default grows to 4 MiB. */
  private static final int SEND_BUFFER = 512 << 10;

  private static final long LAST_WORDS_MILLIS = 2000;

  /** A negative port: the instances agree on one that is free. */
  private static final int SHARED_FREE_PORT = -1;

  private final Vertx vertx;
  private final List<HttpServer> servers;
  private final Served served;
  private volatile ServerOptions options;
  private final AtomicBoolean closed = new AtomicBoolean();

  private ReferenceServer(
      OpenAiHandler handler, ServerOptions options, HttpMeters meters, boolean logged) {
    this.options = options;
    int cores = Runtime.getRuntime().availableProcessors();
    var exchanges = new Exchanges();
    vertx =
        Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(cores))
            .withTransport(
                Sockets.of(socket -> exchanges.accepted(socket, options.maxConnections())))
            .build();
    servers = new CopyOnWriteArrayList<>();
    served =
        new Served(
            handler,
            () -> this.options,
            exchanges,
            BodyBudget.ofHeap(options.maxBody()),
            new Workers(cores),
            meters,
            logged);
    meters.watch(exchanges, () -> this.options.maxConnections(), served.budget());
  }

  /**
   * Listens, with an event loop for each core.
   *
   * @throws IOException if the address is in use or is not an address of this machine, or the
   *     certificates cannot be read
   */
  public static ReferenceServer start(OpenAiHandler handler, ServerOptions options)
      throws IOException {
    return start(handler, options, new HttpMeters(new SimpleMeterRegistry()));
  }

  /**
   * Listens, and logs no requests.
   *
   * @throws IOException as {@link #start} does
   */
  public static ReferenceServer startWithoutLog(OpenAiHandler handler, ServerOptions options)
      throws IOException {
    return start(handler, options, new HttpMeters(new SimpleMeterRegistry()), false);
  }

  /**
   * Listens, and measures its HTTP.
   *
   * @throws IOException as {@link #start} does
   */
  public static ReferenceServer start(
      OpenAiHandler handler, ServerOptions options, HttpMeters meters) throws IOException {
    return start(handler, options, meters, true);
  }

  private static ReferenceServer start(
      OpenAiHandler handler, ServerOptions options, HttpMeters meters, boolean logged)
      throws IOException {
    ServerTls tls = options.tls();
    ServerCertificates certificates = tls == null ? null : new ServerCertificates(tls);
    var server = new ReferenceServer(handler, options, meters, logged);
    try {
      server.listen(certificates);
    } catch (IOException e) {
      server.release();
      throw e;
    }
    return server;
  }

  private void listen(@Nullable ServerCertificates certificates) throws IOException {
    ServerOptions options = served.options();
    HttpServerOptions plain =
        new HttpServerOptions()
            .setHttp2ClearTextEnabled(true)
            .setUseAlpn(true)
            .setInitialSettings(
                new Http2Settings()
                    .setMaxConcurrentStreams(MAX_STREAMS)
                    .setMaxHeaderListSize(options.maxHeaders()))
            .setHttp2RstFloodMaxRstFramePerWindow(MAX_RESETS)
            .setSendBufferSize(SEND_BUFFER)
            .setMaxHeaderSize(options.maxHeaders())
            .setMaxInitialLineLength(MAX_LINE)
            .setTcpNoDelay(true);
    HttpServerOptions http = certificates == null ? plain : certificates.in(plain);
    var instances =
        new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
    try {
      vertx
          .deployVerticle(() -> new Instance(http), instances)
          .toCompletionStage()
          .toCompletableFuture()
          .get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          "cannot listen on %s:%d: %s"
              .formatted(options.host(), options.port(), cause.getMessage()),
          cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while starting", e);
    }
    if (certificates != null) {
      certificates.watch(vertx, servers.get(0));
    }
    long requestTimeout = options.requestTimeout().toMillis();
    vertx.setPeriodic(
        Math.max(1, requestTimeout / CHECKS_PER_TIMEOUT),
        periodically -> served.exchanges().closeIdle(served.options().requestTimeout().toMillis()));
  }

  /** The part of the server on one event loop; all parts share the port. */
  private final class Instance extends VerticleBase {
    private final HttpServerOptions http;

    Instance(HttpServerOptions http) {
      this.http = http;
    }

    @Override
    public Future<?> start() {
      ServerOptions options = served.options();
      HttpServer server =
          vertx
              .createHttpServer(http)
              .invalidRequestHandler(request -> Refusals.malformed(request, served))
              .connectionHandler(
                  connection ->
                      served.exchanges().opened(connection, served.options().maxConnections()))
              .requestHandler(request -> new Exchange(request, served).begin());
      servers.add(server);
      return server.listen(options.port() == 0 ? SHARED_FREE_PORT : options.port(), options.host());
    }
  }

  /**
   * Changes the options of a running server. Those of the socket stay: host, port, TLS and the
   * largest head.
   */
  public void reconfigure(ServerOptions options) {
    served.budget().fit(options.maxBody());
    this.options = options;
  }

  /** Ends the shutdown delay of {@link #close}, also of a later one. */
  public void skipShutdownDelay() {
    served.exchanges().hurry();
  }

  /** The port it listens on. */
  public int port() {
    return servers.get(0).actualPort();
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
    Exchanges exchanges = served.exchanges();
    try {
      exchanges.announce(served.options().shutdownDelay().toMillis());
      if (!exchanges.drain(served.options().gracePeriod().toMillis())) {
        log.warn("{} requests are ended after the grace period", exchanges.running());
        exchanges.endAll();
        if (!exchanges.drain(LAST_WORDS_MILLIS)) {
          log.warn("{} clients did not hear the end", exchanges.running());
          exchanges.cutAll();
        }
      }
      for (HttpServer server : servers) {
        await(server.shutdown(0, TimeUnit.MILLISECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    release();
  }

  private void release() {
    try {
      await(vertx.close());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    served.workers().close();
  }

  private static void await(Future<?> future) throws InterruptedException {
    try {
      future.toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.debug("the server did not close cleanly", e);
    }
  }
}
