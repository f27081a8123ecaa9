package io.github.openaikserve.store;

import java.time.Duration;

/** Checks of store settings. */
final class StoreLimits {
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private StoreLimits() {}

  /**
   * Returns a time to live of at most 100 years.
   *
   * @throws IllegalArgumentException if the time to live is not positive
   */
  static Duration timeToLive(Duration timeToLive) {
    if (timeToLive.isNegative() || timeToLive.isZero()) {
      throw new IllegalArgumentException("timeToLive must be positive, was " + timeToLive);
    }
    return timeToLive.compareTo(LONGEST) > 0 ? LONGEST : timeToLive;
  }
}
