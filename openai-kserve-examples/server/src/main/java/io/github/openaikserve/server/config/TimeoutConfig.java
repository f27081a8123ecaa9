package io.github.openaikserve.server.config;

import java.time.Duration;
import java.util.Optional;

/** The time limits of a call to a model server. Immutable. */
public record TimeoutConfig(
    Optional<Duration> timeout,
    Optional<Duration> firstTokenTimeout,
    Optional<Duration> interTokenTimeout) {
  /** No limits. */
  public static final TimeoutConfig NONE =
      new TimeoutConfig(Optional.empty(), Optional.empty(), Optional.empty());

  /** Returns these limits, with those of {@code others} for the ones that are not set. */
  public TimeoutConfig orElse(TimeoutConfig others) {
    return new TimeoutConfig(
        timeout.or(others::timeout),
        firstTokenTimeout.or(others::firstTokenTimeout),
        interTokenTimeout.or(others::interTokenTimeout));
  }
}
