package io.github.openaikserve.server.config;

import io.github.openaikserve.resilience.RequestLimits;
import java.time.Duration;

/**
 * How the server listens. Immutable.
 *
 * @param port 0 for any free one
 * @param maxBody the largest request body, in bytes
 * @param grace how long running requests may go on once the server is asked to stop
 * @param patience how long a client may take to send a request, or leave its connection unused
 * @param limits how much one request may hold
 */
public record ListenConfig(
    String host,
    int port,
    long maxBody,
    Duration grace,
    Duration patience,
    ClientRules clients,
    RequestLimits limits) {
  /** The highest port. */
  public static final int MAX_PORT = 65535;

  /** The most that a request body may be allowed to be. */
  public static final long MAX_MAX_BODY = 1L << 30;

  /** The usual rules and limits for clients. */
  public ListenConfig(String host, int port, long maxBody, Duration grace, Duration patience) {
    this(host, port, maxBody, grace, patience, ClientRules.DEFAULT, RequestLimits.ofDefaults());
  }

  /** What is not said. */
  public static final ListenConfig DEFAULT =
      new ListenConfig(
          "127.0.0.1", 8080, 10L << 20, Duration.ofSeconds(10), Duration.ofSeconds(75));

  /** The same on another interface. */
  public ListenConfig withHost(String other) {
    return new ListenConfig(other, port, maxBody, grace, patience, clients, limits);
  }

  /** The same on another port. */
  public ListenConfig withPort(int other) {
    return new ListenConfig(host, other, maxBody, grace, patience, clients, limits);
  }

  static ListenConfig read(Section section) {
    return new ListenConfig(
        section.find("host").map(Value::text).orElse(DEFAULT.host),
        section.find("port").map(port -> port.integer(0, MAX_PORT)).orElse(DEFAULT.port),
        section.find("max_body").map(size -> size.size(1, MAX_MAX_BODY)).orElse(DEFAULT.maxBody),
        section.find("grace").map(Value::duration).orElse(DEFAULT.grace),
        section.find("patience").map(Value::positiveDuration).orElse(DEFAULT.patience),
        ClientRules.read(section),
        section
            .find("limits")
            .map(value -> value.section(InputWords::read))
            .orElse(DEFAULT.limits));
  }
}
