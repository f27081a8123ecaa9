package io.github.openaikserve.server.http;

import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.connection.OpenConnections;
import io.github.openaikserve.server.limits.RequestNotes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.Channel;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
 * <p>Back-pressure reaches the backend: it produces no faster than the client reads. A client that
 * disconnects cancels its call, even before the first byte of the response. A client that exceeds
 * the request timeout or the write timeout is disconnected. An offer to upgrade to HTTP/2 within a
 * connection is ignored, and the request is answered as HTTP/1.1.
 */
public final class ReferenceServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ReferenceServer.class);
  private static final int START_SECONDS = 30;
  private static final int CHECKS_PER_TIMEOUT = 8;

  private static final long ERROR_EVENT_MILLIS = 2000;

  /** The part of the heap for requests that wait for their clients. */
  private static final int WAITING_PART_OF_HEAP = 8;

  /** Vert.x's notation for a free port that all instances share. */
  private static final int SHARED_FREE_PORT = -1;

  private final Vertx vertx;
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private final Served served;

  /** The further ports, by number. */
  private final Map<Integer, Served> others = new ConcurrentHashMap<>();

  private final int eventLoops;
  private volatile ServerOptions options;
  private final AtomicBoolean closed = new AtomicBoolean();

  private ReferenceServer(
      OpenAiHandler handler,
      ServerOptions options,
      HttpMeters meters,
      RequestNotes notes,
      boolean logged,
      int eventLoops) {
    this.options = options;
    this.eventLoops = eventLoops;
    vertx =
        Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(eventLoops))
            .withTransport(Sockets.of(this::accepted, this::received))
            .build();
    served =
        new Served(
            handler,
            () -> this.options,
            activeRequests(),
            BodyBudget.ofHeap(options.maxBody()),
            new Workers(Runtime.getRuntime().availableProcessors()),
            meters,
            notes,
            logged);
    meters.watch(served.exchanges(), () -> this.options.maxConnections(), served.budget());
  }

  /**
   * Returns the number of event loops: one for each core. With two cores, one of them is needed for
   * reading from model servers, and a second event loop would only add thread switches.
   */
  private static int defaultEventLoops() {
    int cores = Runtime.getRuntime().availableProcessors();
    return cores <= 2 ? 1 : cores;
  }

  /**
   * Starts a server with one event loop for each core; with a single one on two cores.
   *
   * @throws IOException if the address is in use or is not an address of this machine, or the
   *     certificates cannot be read
   */
  public static ReferenceServer start(OpenAiHandler handler, ServerOptions options)
      throws IOException {
    return start(handler, options, defaultEventLoops());
  }

  /**
   * Starts a server without an access log.
   *
   * @throws IOException as {@link #start}
   */
  public static ReferenceServer startWithoutLog(OpenAiHandler handler, ServerOptions options)
      throws IOException {
    return start(
        handler,
        options,
        new HttpMeters(new SimpleMeterRegistry()),
        new RequestNotes(),
        false,
        defaultEventLoops());
  }

  /** Starts a server with this number of event loops. */
  static ReferenceServer start(OpenAiHandler handler, ServerOptions options, int eventLoops)
      throws IOException {
    return start(
        handler,
        options,
        new HttpMeters(new SimpleMeterRegistry()),
        new RequestNotes(),
        true,
        eventLoops);
  }

  /**
   * Starts a server with HTTP meters.
   *
   * @param notes the usage of requests, for their lines of the access log
   * @throws IOException as {@link #start}
   */
  public static ReferenceServer start(
      OpenAiHandler handler, ServerOptions options, HttpMeters meters, RequestNotes notes)
      throws IOException {
    return start(handler, options, meters, notes, true, defaultEventLoops());
  }

  private static ReferenceServer start(
      OpenAiHandler handler,
      ServerOptions options,
      HttpMeters meters,
      RequestNotes notes,
      boolean logged,
      int eventLoops)
      throws IOException {
    ServerTls tls = options.tls();
    ServerCertificates certificates = tls == null ? null : new ServerCertificates(tls);
    var server = new ReferenceServer(handler, options, meters, notes, logged, eventLoops);
    try {
      server.listen(certificates);
    } catch (IOException e) {
      server.release();
      throw e;
    }
    return server;
  }

  private void listen(@Nullable ServerCertificates certificates) throws IOException {
    HttpServerOptions http = served.options().http();
    if (certificates != null) {
      certificates.addTo(http);
    }
    servers.addAll(deploy(served, http, eventLoops));
    if (certificates != null) {
      certificates.watch(vertx, servers.get(0));
    }
    closeIdle(served);
  }

  private void closeIdle(Served served) {
    vertx.setPeriodic(
        Math.max(1, served.options().requestTimeout().toMillis() / CHECKS_PER_TIMEOUT),
        periodically ->
            served
                .exchanges()
                .connections()
                .closeIdle(served.options().requestTimeout().toMillis()));
  }

  /**
   * Listens on a further port, on the same event loops, until this server is closed. Connections of
   * the further port do not count for this server's limit, and its requests are not measured.
   *
   * @param options the options of the port, without TLS certificates
   * @return the port
   * @throws IOException if the address is in use or is not an address of this machine
   */
  public int listenAlso(OpenAiHandler handler, ServerOptions options) throws IOException {
    var other =
        new Served(
            handler,
            () -> options,
            activeRequests(),
            served.budget(),
            served.workers(),
            new HttpMeters(new SimpleMeterRegistry()),
            new RequestNotes(),
            served.logged());
    int port = deploy(other, options.http(), 1).get(0).actualPort();
    others.put(port, other);
    closeIdle(other);
    return port;
  }

  private static ActiveRequests activeRequests() {
    return new ActiveRequests(
        new OpenConnections(Runtime.getRuntime().maxMemory() / WAITING_PART_OF_HEAP));
  }

  /** Registers an accepted socket with its port; returns whether it may stay open. */
  private boolean accepted(Channel socket) {
    Served of = servedBy(socket);
    return of.exchanges().connections().accepted(socket, of.options().maxConnections());
  }

  private boolean received(Channel socket, int bytes) {
    return servedBy(socket).exchanges().connections().received(socket, bytes);
  }

  private Served servedBy(Channel socket) {
    return socket.localAddress() instanceof InetSocketAddress address
        ? others.getOrDefault(address.getPort(), served)
        : served;
  }

  private List<HttpServer> deploy(Served served, HttpServerOptions http, int instances)
      throws IOException {
    ServerOptions options = served.options();
    int port = options.port() == 0 && instances > 1 ? SHARED_FREE_PORT : options.port();
    List<HttpServer> listening = new CopyOnWriteArrayList<>();
    try {
      vertx
          .deployVerticle(
              () -> instance(served, http, port, listening),
              new DeploymentOptions().setInstances(instances))
          .toCompletionStage()
          .toCompletableFuture()
          .get(START_SECONDS, TimeUnit.SECONDS);
      return listening;
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
  }

  /** Returns the server of a port on one event loop; all instances share the port. */
  private Deployable instance(
      Served served, HttpServerOptions http, int port, List<HttpServer> listening) {
    return context -> {
      HttpServer server =
          vertx
              .createHttpServer(http)
              .invalidRequestHandler(request -> Refusals.malformed(request, served))
              .connectionHandler(
                  connection ->
                      served
                          .exchanges()
                          .connections()
                          .opened(connection, served.options().maxConnections()))
              .requestHandler(request -> new Exchange(request, served).begin());
      listening.add(server);
      return server.listen(port, served.options().host());
    };
  }

  /**
   * Changes the options of a running server. Host, port, TLS and the maximum size of headers remain
   * as they were.
   */
  public void reconfigure(ServerOptions options) {
    served.budget().fit(options.maxBody());
    this.options = options;
  }

  /** Ends the shutdown delay of {@link #close}, also of a later call. */
  public void skipShutdownDelay() {
    served.exchanges().skipDelay();
  }

  /** Returns the port that the server listens on. */
  public int port() {
    return servers.get(0).actualPort();
  }

  /**
   * Shuts the server down gracefully. During the shutdown delay, requests are accepted but {@code
   * /health/ready} answers 503. During the grace period, new requests are refused with 503 and
   * running ones can finish. Afterwards, running streams end with an {@code error} event and the
   * server stops listening. Blocks until then. Further calls have no effect.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    ActiveRequests exchanges = served.exchanges();
    try {
      exchanges.announce(served.options().shutdownDelay().toMillis());
      if (!exchanges.drain(served.options().gracePeriod().toMillis())) {
        log.warn("grace period exceeded, ending running requests requests={}", exchanges.running());
        exchanges.endAll();
        if (!exchanges.drain(ERROR_EVENT_MILLIS)) {
          log.warn(
              "connections force-closed, clients did not read the end requests={}",
              exchanges.running());
          exchanges.forceCloseAll();
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
      log.debug("server not closed cleanly", e);
    }
  }
}
