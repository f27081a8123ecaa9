package io.github.openaikserve.grpc;

import java.time.Duration;
import java.util.Objects;

/**
 * How often a call that got no response is made again. Immutable.
 *
 * <p>Only a call that failed with {@code UNAVAILABLE}, or whose failure says when to come again
 * ({@code grpc-retry-pushback-ms}), and only before anything of the answer has come, headers
 * included. All attempts share the call's limit of time. Pauses grow twofold and are random up to
 * their length. gRPC itself repeats, in any case and at once, what a server has provably not seen.
 *
 * <p>A budget ends retries while most calls fail: a failure takes one from it, a success gives back
 * {@code earned}, and nothing is repeated while less than half of it is left. A request of more
 * than 1 MiB is not repeated.
 *
 * @param maxAttempts how often a call is made at most, the first time included; 1 for no retries
 * @param firstPause the pause before the second attempt
 * @param longestPause no pause is longer; a server may ask for a longer one
 * @param budget how many failures in a row, twice over, end retries; at most 1000
 * @param earned what a success adds to the budget
 */
public record Retries(
    int maxAttempts, Duration firstPause, Duration longestPause, int budget, double earned) {
  private static final int MOST_ATTEMPTS = 10;
  private static final int MOST_BUDGET = 1000;

  /** Three attempts within about half a second, and a budget of 100 that a tenth refills. */
  public static final Retries DEFAULT =
      new Retries(3, Duration.ofMillis(100), Duration.ofSeconds(1), 100, 0.1);

  /** Every call is made once. */
  public static final Retries NONE = DEFAULT.withMaxAttempts(1);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is out of its range or a pause is not positive
   */
  public Retries {
    Objects.requireNonNull(firstPause, "firstPause");
    Objects.requireNonNull(longestPause, "longestPause");
    if (maxAttempts < 1 || maxAttempts > MOST_ATTEMPTS) {
      throw new IllegalArgumentException(
          "attempts must be from 1 to " + MOST_ATTEMPTS + ", was " + maxAttempts);
    }
    if (firstPause.isNegative() || firstPause.isZero() || longestPause.compareTo(firstPause) < 0) {
      throw new IllegalArgumentException("pauses must be positive, and the longest the longest");
    }
    if (budget < 1 || budget > MOST_BUDGET || !(earned > 0)) {
      throw new IllegalArgumentException(
          "a budget must be from 1 to " + MOST_BUDGET + ", and what is earned positive");
    }
  }

  /** The same with so many attempts. */
  public Retries withMaxAttempts(int maxAttempts) {
    return new Retries(maxAttempts, firstPause, longestPause, budget, earned);
  }

  /** The same with other pauses. */
  public Retries withPauses(Duration firstPause, Duration longestPause) {
    return new Retries(maxAttempts, firstPause, longestPause, budget, earned);
  }

  /** The same with another budget. */
  public Retries withBudget(int budget, double earned) {
    return new Retries(maxAttempts, firstPause, longestPause, budget, earned);
  }
}
