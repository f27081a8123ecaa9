package io.github.openaikserve.internal.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The timeouts of a call; null for none. Immutable. A timeout is at most 100 years, so that adding
 * it to a time in nanoseconds does not overflow.
 *
 * @param total from the start of the call to the last response
 * @param firstToken from the start of the call to the first response of a stream
 * @param interToken from one response of a stream to the next
 */
public record Timeouts(
    @Nullable Duration total, @Nullable Duration firstToken, @Nullable Duration interToken) {
  /** No timeouts. */
  public static final Timeouts NONE = new Timeouts(null, null, null);

  private static final Duration LONGEST = Duration.ofDays(36_500);

  /** Shortens timeouts of more than 100 years. */
  public Timeouts {
    total = total == null ? null : shorter(total, LONGEST);
    firstToken = firstToken == null ? null : shorter(firstToken, LONGEST);
    interToken = interToken == null ? null : shorter(interToken, LONGEST);
  }

  /**
   * Checks that a timeout is positive.
   *
   * @throws IllegalArgumentException if it is zero or negative
   */
  public static void check(@Nullable Duration timeout) {
    if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
      throw new IllegalArgumentException("a timeout must be positive, was " + timeout);
    }
  }

  /** Returns these timeouts, with missing ones taken from {@code defaults}. */
  public Timeouts orElse(Timeouts defaults) {
    return new Timeouts(
        total == null ? defaults.total : total,
        firstToken == null ? defaults.firstToken : firstToken,
        interToken == null ? defaults.interToken : interToken);
  }

  /** Returns these timeouts with a total of at most {@code limit}. */
  public Timeouts totalAtMost(@Nullable Duration limit) {
    return new Timeouts(shorter(total, limit), firstToken, interToken);
  }

  /** Returns these timeouts with timeouts between responses of at most {@code limit}. */
  public Timeouts silenceAtMost(@Nullable Duration limit) {
    return new Timeouts(total, shorter(firstToken, limit), shorter(interToken, limit));
  }

  private static @Nullable Duration shorter(@Nullable Duration one, @Nullable Duration other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) < 0 ? one : other;
  }
}
