package io.github.openaikserve.server.config;

import java.time.Duration;
import java.util.Optional;

/**
 * How long one call may take. Immutable; what is empty is left to others.
 *
 * @param total the whole call
 * @param firstToken until the first response
 * @param interToken from one response to the next
 */
public record Patience(
    Optional<Duration> total, Optional<Duration> firstToken, Optional<Duration> interToken) {
  /** All left to others. */
  public static final Patience NONE =
      new Patience(Optional.empty(), Optional.empty(), Optional.empty());

  static Patience read(Section section) {
    return new Patience(
        section.find("timeout").map(Value::positiveDuration),
        section.find("first_token_timeout").map(Value::positiveDuration),
        section.find("inter_token_timeout").map(Value::positiveDuration));
  }

  /** The same with another limit for the whole call. */
  public Patience withTotal(Duration limit) {
    return new Patience(Optional.of(limit), firstToken, interToken);
  }

  /** These where they are given, else the others: a model's come before its server's. */
  public Patience orElse(Patience others) {
    return new Patience(
        total.or(others::total),
        firstToken.or(others::firstToken),
        interToken.or(others::interToken));
  }
}
