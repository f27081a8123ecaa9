package io.github.openaikserve.server.config;

import io.github.openaikserve.server.options.Setting;
import java.time.Duration;
import java.util.Optional;

/** The time limits of a call to a model server. Immutable. */
public record TimeoutConfig(
    @Setting(value = "Time limit of one call.", unset = "its backend's, else `10m`")
        Optional<Duration> timeout,
    @Setting(value = "Time limit until the first response.", unset = "its backend's")
        Optional<Duration> firstTokenTimeout,
    @Setting(value = "Time limit between two responses of a stream.", unset = "its backend's")
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
