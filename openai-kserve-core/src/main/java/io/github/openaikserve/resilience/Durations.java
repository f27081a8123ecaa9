package io.github.openaikserve.resilience;

import java.time.Duration;

/** The range of durations that the policies of this package accept. */
final class Durations {
  /** Longer ones are mistakes, and a sum of them would not fit into nanoseconds. */
  private static final Duration MAX = Duration.ofDays(365);

  private Durations() {}

  static void requirePositive(String name, Duration duration) {
    if (duration.isNegative() || duration.isZero() || duration.compareTo(MAX) > 0) {
      throw new IllegalArgumentException(
          name + " must be positive and at most " + MAX.toDays() + " days, was " + duration);
    }
  }

  static Duration min(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
