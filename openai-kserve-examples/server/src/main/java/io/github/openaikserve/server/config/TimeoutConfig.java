package io.github.openaikserve.server.config;

import io.github.openaikserve.server.options.Setting;
import java.time.Duration;
import java.util.Optional;

/** Time limits of a call. Immutable. */
public record TimeoutConfig(
    @Setting(value = "Time limit of one call.", unset = "its backend's, else `10m`")
        Optional<Duration> timeout,
    @Setting(value = "Time limit until the first response.", unset = "its backend's")
        Optional<Duration> firstTokenTimeout,
    @Setting(value = "Time limit from one response to the next.", unset = "its backend's")
        Optional<Duration> interTokenTimeout) {
  /** No limits. */
  public static final TimeoutConfig NONE =
      new TimeoutConfig(Optional.empty(), Optional.empty(), Optional.empty());

  /** Returns these limits, and the others' where there is none. */
  public TimeoutConfig orElse(TimeoutConfig others) {
    return new TimeoutConfig(
        timeout.or(others::timeout),
        firstTokenTimeout.or(others::firstTokenTimeout),
        interTokenTimeout.or(others::interTokenTimeout));
  }
}
