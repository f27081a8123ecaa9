package io.github.openaikserve.internal.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a call may take; null for no limit. Immutable.
 *
 * @param total from the start to the last response
 * @param firstToken from the start to the first response of a server that streams
 * @param betweenTokens from one response to the next
 */
public record Timeouts(
    @Nullable Duration total, @Nullable Duration firstToken, @Nullable Duration betweenTokens) {
  /** No limits. */
  public static final Timeouts NONE = new Timeouts(null, null, null);

  /**
   * Refuses a limit that is not positive.
   *
   * @throws IllegalArgumentException if it is not
   */
  public static void check(@Nullable Duration timeout) {
    if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
      throw new IllegalArgumentException("a timeout must be positive, was " + timeout);
    }
  }

  /** These where they are given, else the others. */
  public Timeouts orElse(Timeouts others) {
    return new Timeouts(
        total == null ? others.total : total,
        firstToken == null ? others.firstToken : firstToken,
        betweenTokens == null ? others.betweenTokens : betweenTokens);
  }

  /** These, but a whole call no longer than that. */
  public Timeouts totalAtMost(@Nullable Duration limit) {
    return new Timeouts(shorter(total, limit), firstToken, betweenTokens);
  }

  /** These, but no silence longer than that. */
  public Timeouts silenceAtMost(@Nullable Duration limit) {
    return new Timeouts(total, shorter(firstToken, limit), shorter(betweenTokens, limit));
  }

  private static @Nullable Duration shorter(@Nullable Duration one, @Nullable Duration other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) < 0 ? one : other;
  }
}
