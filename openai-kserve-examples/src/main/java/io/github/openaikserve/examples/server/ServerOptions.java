package io.github.openaikserve.examples.server;

import java.time.Duration;

/**
 * How the server listens. Immutable.
 *
 * @param port 0 for any free one
 * @param maxBody the largest request body, in bytes
 * @param grace how long running requests may go on once the server is asked to stop
 * @param patience how long a client may take to send a request, or leave its connection unused; it
 *     does not limit the answer
 */
public record ServerOptions(
    String host, int port, long maxBody, Duration grace, Duration patience) {
  /** Longer than the minute after which load balancers usually give up a connection themselves. */
  private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(75);

  /** The usual patience of 75 seconds. */
  public ServerOptions(String host, int port, long maxBody, Duration grace) {
    this(host, port, maxBody, grace, DEFAULT_PATIENCE);
  }

  /** Loopback, any free port, 10 MiB, ten seconds of grace. */
  public static ServerOptions defaults() {
    return new ServerOptions("127.0.0.1", 0, 10L << 20, Duration.ofSeconds(10));
  }
}
