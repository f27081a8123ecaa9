package io.github.openaikserve.internal.answer.text;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bounds for the token counts that one call reports. Not thread-safe. */
public final class TokenCounts {
  /** The maximum count. Larger than any real count, and the sum of two still fits into an int. */
  public static final int MAX = 1_000_000_000;

  private static final Logger log = LoggerFactory.getLogger(TokenCounts.class);

  private boolean logged;

  /**
   * Returns a reported count, clamped to the range from 0 to {@link #MAX} so that sums cannot
   * overflow. The first count out of range is logged.
   */
  public int reported(int count) {
    int clamped = Math.max(0, Math.min(MAX, count));
    if (clamped != count && !logged) {
      logged = true;
      log.warn("token count of model server out of range reported={} used={}", count, clamped);
    }
    return clamped;
  }

  /** Returns the sum of the known counts; null if both are unknown. */
  public static @Nullable Integer sumOfKnown(@Nullable Integer a, @Nullable Integer b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return sum(a, b);
  }

  /** Returns the sum of two counts, at most {@link #MAX}. */
  public static int sum(int a, int b) {
    return (int) Math.min(MAX, (long) a + b);
  }
}
