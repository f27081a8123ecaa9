package io.github.openaikserve.server.config;

import io.github.openaikserve.resilience.ConcurrencyLimit;
import java.time.Duration;
import java.util.Optional;

/**
 * The limits of calls to one model server. Immutable.
 *
 * @param limit of calls at the same time; empty for none
 * @param firstTokenTimeout until the first response; empty for no limit
 * @param interTokenTimeout from one response to the next; empty for no limit
 */
public record Guard(
    Optional<ConcurrencyLimit> limit,
    Optional<Duration> firstTokenTimeout,
    Optional<Duration> interTokenTimeout) {
  private static final int MOST_CALLS = 1_000_000;

  /** The default: 4096 calls, and 1024 more that wait for half a minute at most. */
  public static final Guard DEFAULT =
      new Guard(
          Optional.of(
              ConcurrencyLimit.builder()
                  .max(4096)
                  .queue(1024)
                  .maxWait(Duration.ofSeconds(30))
                  .build()),
          Optional.empty(),
          Optional.empty());

  /** No limits. */
  public static final Guard NONE = new Guard(Optional.empty(), Optional.empty(), Optional.empty());

  static Guard read(Section section) {
    return new Guard(
        section.find("limit").map(Guard::limit).orElse(DEFAULT.limit),
        section.find("first_token_timeout").map(Value::positiveDuration),
        section.find("inter_token_timeout").map(Value::positiveDuration));
  }

  private static Optional<ConcurrencyLimit> limit(Value value) {
    if (value.isText()) {
      return value.flag() ? DEFAULT.limit : Optional.empty();
    }
    return Optional.of(
        value.section(
            section -> {
              ConcurrencyLimit.Builder limit =
                  ConcurrencyLimit.builder()
                      .max(section.require("max").integer(1, MOST_CALLS))
                      .queue(
                          section
                              .find("queue")
                              .map(n -> n.integer(0, MOST_CALLS))
                              .orElse(DEFAULT.limit.orElseThrow().queue()))
                      .maxWait(
                          section
                              .find("max_wait")
                              .map(Value::positiveDuration)
                              .orElse(DEFAULT.limit.orElseThrow().maxWait()));
              if (section.find("drains").map(Value::flag).orElse(false)) {
                limit.drains();
              }
              return limit.build();
            }));
  }

  Guard withLimit(ConcurrencyLimit other) {
    return new Guard(Optional.of(other), firstTokenTimeout, interTokenTimeout);
  }
}
