package io.github.openaikserve.examples.server;

import java.time.Duration;

/**
 * How the server listens. Immutable.
 *
 * @param port 0 for any free one
 * @param maxBody the largest request body, in bytes
 * @param grace how long running requests may go on once the server is asked to stop
 */
public record ServerOptions(String host, int port, long maxBody, Duration grace) {
  /** Loopback, any free port, 10 MiB, ten seconds. */
  public static ServerOptions defaults() {
    return new ServerOptions("127.0.0.1", 0, 10L << 20, Duration.ofSeconds(10));
  }
}
