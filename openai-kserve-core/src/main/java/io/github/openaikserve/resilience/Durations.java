package io.github.openaikserve.resilience;

import java.time.Duration;

/** What settings in this package have in common. */
final class Durations {
  private Durations() {}

  static void requirePositive(String name, Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(name + " must be positive, was " + duration);
    }
  }
}
