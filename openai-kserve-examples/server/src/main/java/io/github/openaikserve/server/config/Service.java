package io.github.openaikserve.server.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How answers are given, and where it is told how they are. Immutable.
 *
 * @param keepAlive after how much silence a stream holds a comment
 * @param abortFailedStreams whether the connection of a stream that fails is broken after its error
 *     event
 * @param forwardHeaders of clients, sent on to model servers
 * @param affinityHeader the header of clients by whose value requests reach the same endpoint;
 *     empty for none
 * @param metricsPort where metrics are, without a key; empty for {@code /metrics} beside the rest
 * @param metricsHost the interface of that port
 */
public record Service(
    Duration keepAlive,
    boolean abortFailedStreams,
    List<String> forwardHeaders,
    Optional<String> affinityHeader,
    Optional<Integer> metricsPort,
    String metricsHost) {
  /** What is not said. */
  public static final Service DEFAULT =
      new Service(
          Duration.ofSeconds(15),
          false,
          List.of(),
          Optional.empty(),
          Optional.empty(),
          "127.0.0.1");

  /** Copies the list. */
  public Service {
    forwardHeaders = List.copyOf(forwardHeaders);
  }

  static Service read(Section section) {
    Service metrics =
        section.find("metrics").map(value -> value.section(Service::metrics)).orElse(DEFAULT);
    return new Service(
        section.find("keep_alive").map(Value::positiveDuration).orElse(DEFAULT.keepAlive),
        section.find("abort_failed_streams").map(Value::flag).orElse(false),
        section.find("forward_headers").map(value -> value.list(Value::text)).orElse(List.of()),
        section.find("affinity_header").map(Value::text),
        metrics.metricsPort,
        metrics.metricsHost);
  }

  private static Service metrics(Section section) {
    return new Service(
        DEFAULT.keepAlive,
        DEFAULT.abortFailedStreams,
        List.of(),
        Optional.empty(),
        Optional.of(section.require("port").integer(0, ListenConfig.MAX_PORT)),
        section.find("host").map(Value::text).orElse(DEFAULT.metricsHost));
  }
}
