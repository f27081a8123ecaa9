package io.github.openaikserve.internal.resilience;

import java.time.Duration;

/** Checks of the durations in this package's policies. */
public final class Durations {
  /**
   * The maximum duration. Longer ones are configuration mistakes, and their sum would overflow in
   * nanoseconds.
   */
  private static final Duration MAX = Duration.ofDays(365);

  private Durations() {}

  public static void requirePositive(String name, Duration duration) {
    if (duration.isNegative() || duration.isZero() || duration.compareTo(MAX) > 0) {
      throw new IllegalArgumentException(
          name + " must be positive and at most " + MAX.toDays() + " days, was " + duration);
    }
  }

  public static Duration min(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
