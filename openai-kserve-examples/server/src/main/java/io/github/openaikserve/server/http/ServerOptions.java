package io.github.openaikserve.server.http;

import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP options of the server: address, limits, timeouts, TLS and CORS. {@link Builder}
 * describes them. Immutable.
 */
public record ServerOptions(
    String host,
    int port,
    long maxBody,
    Duration gracePeriod,
    Duration requestTimeout,
    Duration writeTimeout,
    Duration shutdownDelay,
    int maxConnections,
    @Nullable ServerTls tls,
    List<String> corsOrigins,
    int maxHeaders) {
  private static final int MAX_LINE = 16 << 10;

  /** The maximum number of concurrent streams of one HTTP/2 connection. */
  private static final int MAX_STREAMS = 100;

  /** The maximum number of streams of an HTTP/2 connection that its client resets in 30 seconds. */
  private static final int MAX_RESETS = 200;

  /** The kernel's send buffer for one client, in bytes; the kernel's default grows to 4 MiB. */
  private static final int SEND_BUFFER = 512 << 10;

  private static final int MAX_CONNECTIONS = 10_000;

  /** The heap for one connection: what it holds, and as much for its requests and responses. */
  private static final int HEAP_PER_CONNECTION = 48 << 10;

  private static int defaultConnections() {
    return (int) Math.min(MAX_CONNECTIONS, Runtime.getRuntime().maxMemory() / HEAP_PER_CONNECTION);
  }

  /** Returns the default options. */
  public static ServerOptions defaults() {
    return builder().build();
  }

  /** Returns a builder with the default options: any free port of the loopback interface. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the options of Vert.x, without TLS. */
  HttpServerOptions http() {
    return new HttpServerOptions()
        .setHttp2ClearTextEnabled(true)
        .setUseAlpn(true)
        .setInitialSettings(
            new Http2Settings()
                .setMaxConcurrentStreams(MAX_STREAMS)
                .setMaxHeaderListSize(maxHeaders))
        .setHttp2RstFloodMaxRstFramePerWindow(MAX_RESETS)
        .setSendBufferSize(SEND_BUFFER)
        .setMaxHeaderSize(maxHeaders)
        .setMaxInitialLineLength(MAX_LINE)
        .setTcpNoDelay(true);
  }

  /** A builder of options. Not thread-safe. */
  public static final class Builder {
    private String host = "127.0.0.1";
    private int port;
    private long maxBody = 10L << 20;
    private Duration gracePeriod = Duration.ofSeconds(10);

    /** Longer than the minute after which load balancers usually close an idle connection. */
    private Duration requestTimeout = Duration.ofSeconds(75);

    private Duration writeTimeout = Duration.ofSeconds(60);
    private Duration shutdownDelay = Duration.ZERO;
    private int maxConnections = defaultConnections();
    private @Nullable ServerTls tls;
    private List<String> corsOrigins = List.of();
    private int maxHeaders = 64 << 10;

    private Builder() {}

    /** Sets the address of the interface to listen on (default: 127.0.0.1). */
    public Builder host(String host) {
      this.host = Objects.requireNonNull(host, "host");
      return this;
    }

    /** Sets the port (default: 0, any free port). */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** Sets the maximum size of a request body, in bytes (default: 10 MiB). */
    public Builder maxBody(long bytes) {
      this.maxBody = bytes;
      return this;
    }

    /** Sets the time for running requests to finish when the server closes (default: 10s). */
    public Builder gracePeriod(Duration gracePeriod) {
      this.gracePeriod = Objects.requireNonNull(gracePeriod, "gracePeriod");
      return this;
    }

    /**
     * Sets the time limit for a client to send a request, and for an idle connection (default:
     * 75s). It does not limit the response.
     */
    public Builder requestTimeout(Duration requestTimeout) {
      this.requestTimeout = Objects.requireNonNull(requestTimeout, "requestTimeout");
      return this;
    }

    /** Sets the time after which a client that reads nothing is disconnected (default: 60s). */
    public Builder writeTimeout(Duration writeTimeout) {
      this.writeTimeout = Objects.requireNonNull(writeTimeout, "writeTimeout");
      return this;
    }

    /**
     * Sets how long a closing server still accepts requests while {@code /health/ready} answers 503
     * (default: 0s).
     */
    public Builder shutdownDelay(Duration shutdownDelay) {
      this.shutdownDelay = Objects.requireNonNull(shutdownDelay, "shutdownDelay");
      return this;
    }

    /**
     * Sets the maximum number of open connections (default: one for each 48 KiB of heap, at most
     * 10,000). Above it, the connection that has been silent for the longest time is closed.
     */
    public Builder maxConnections(int maxConnections) {
      this.maxConnections = maxConnections;
      return this;
    }

    /** Sets the certificates, and so TLS (default: no TLS). */
    public Builder tls(ServerTls tls) {
      this.tls = Objects.requireNonNull(tls, "tls");
      return this;
    }

    /** Sets the CORS origins whose pages may read responses; {@code *} for all (default: none). */
    public Builder corsOrigins(List<String> origins) {
      this.corsOrigins = List.copyOf(origins);
      return this;
    }

    /** Sets the maximum size of all headers of a request, in bytes (default: 64 KiB). */
    public Builder maxHeaders(int bytes) {
      this.maxHeaders = bytes;
      return this;
    }

    /** Returns the options; later changes of this builder do not affect them. */
    public ServerOptions build() {
      return new ServerOptions(
          host,
          port,
          maxBody,
          gracePeriod,
          requestTimeout,
          writeTimeout,
          shutdownDelay,
          maxConnections,
          tls,
          corsOrigins,
          maxHeaders);
    }
  }
}
