package io.github.openaikserve.server;

import io.github.openaikserve.server.config.ListenConfig;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the server listens. Immutable.
 *
 * @param port 0 for any free one
 * @param maxBody the largest request body, in bytes
 * @param grace how long running requests may go on once the server is asked to stop
 * @param patience how long a client may take to send a request, or leave its connection unused; it
 *     does not limit the answer
 * @param stall how long a client may take nothing of an answer that waits for it
 * @param notice how long requests are still taken after the server was asked to stop, while {@code
 *     /health/ready} says 503 already
 * @param maxConnections more are hung up on
 * @param tls null for none
 * @param origins of web pages that may read answers; {@code *} for all, empty for none
 * @param maxHeaders the largest head of a request, without its first line, in bytes
 */
public record ServerOptions(
    String host,
    int port,
    long maxBody,
    Duration grace,
    Duration patience,
    Duration stall,
    Duration notice,
    int maxConnections,
    @Nullable ServerTls tls,
    List<String> origins,
    int maxHeaders) {
  /** Longer than the minute after which load balancers usually give up a connection themselves. */
  private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(75);

  private static final Duration DEFAULT_STALL = Duration.ofSeconds(60);
  private static final int DEFAULT_MAX_CONNECTIONS = 10_000;
  private static final int DEFAULT_MAX_HEADERS = 64 << 10;

  /** Copies the list. */
  public ServerOptions {
    origins = List.copyOf(origins);
  }

  /** The usual patience of 75 seconds. */
  public ServerOptions(String host, int port, long maxBody, Duration grace) {
    this(host, port, maxBody, grace, DEFAULT_PATIENCE);
  }

  /** A minute of stall, no notice, 10,000 connections, 64 KiB of headers, no TLS, no origins. */
  public ServerOptions(String host, int port, long maxBody, Duration grace, Duration patience) {
    this(
        host,
        port,
        maxBody,
        grace,
        patience,
        DEFAULT_STALL,
        Duration.ZERO,
        DEFAULT_MAX_CONNECTIONS,
        null,
        List.of(),
        DEFAULT_MAX_HEADERS);
  }

  /** Returns the options of a configuration. */
  static ServerOptions of(ListenConfig config) {
    return new ServerOptions(
        config.host(),
        config.port(),
        config.maxBody(),
        config.gracePeriod(),
        config.requestTimeout(),
        config.writeTimeout(),
        config.shutdownDelay(),
        config.maxConnections(),
        config
            .tls()
            .map(
                tls ->
                    new ServerTls(
                        tls.certificates(),
                        tls.key(),
                        tls.clientAuthorities().orElse(null),
                        tls.check()))
            .orElse(null),
        config.corsOrigins(),
        config.limits().headers());
  }

  /** Loopback, any free port, 10 MiB, ten seconds of grace. */
  public static ServerOptions defaults() {
    return new ServerOptions("127.0.0.1", 0, 10L << 20, Duration.ofSeconds(10));
  }

  /** The same with another stall. */
  public ServerOptions withStall(Duration other) {
    return new ServerOptions(
        host,
        port,
        maxBody,
        grace,
        patience,
        other,
        notice,
        maxConnections,
        tls,
        origins,
        maxHeaders);
  }

  /** The same with another notice and another grace. */
  public ServerOptions withEnd(Duration otherNotice, Duration otherGrace) {
    return new ServerOptions(
        host,
        port,
        maxBody,
        otherGrace,
        patience,
        stall,
        otherNotice,
        maxConnections,
        tls,
        origins,
        maxHeaders);
  }

  /** The same with so many connections. */
  public ServerOptions withMaxConnections(int other) {
    return new ServerOptions(
        host, port, maxBody, grace, patience, stall, notice, other, tls, origins, maxHeaders);
  }

  /** The same with TLS; null for none. */
  public ServerOptions withTls(@Nullable ServerTls other) {
    return new ServerOptions(
        host,
        port,
        maxBody,
        grace,
        patience,
        stall,
        notice,
        maxConnections,
        other,
        origins,
        maxHeaders);
  }

  /** The same for pages of these origins. */
  public ServerOptions withOrigins(List<String> others) {
    return new ServerOptions(
        host,
        port,
        maxBody,
        grace,
        patience,
        stall,
        notice,
        maxConnections,
        tls,
        others,
        maxHeaders);
  }

  /** The same with so many bytes of headers. */
  public ServerOptions withMaxHeaders(int other) {
    return new ServerOptions(
        host, port, maxBody, grace, patience, stall, notice, maxConnections, tls, origins, other);
  }
}
