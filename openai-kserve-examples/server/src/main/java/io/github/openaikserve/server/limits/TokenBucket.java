package io.github.openaikserve.server.limits;

import java.time.Duration;

/**
 * A token bucket that refills evenly within a minute. Not thread-safe.
 *
 * <p>All times are of one monotonic clock, in nanoseconds.
 */
final class TokenBucket {
  private static final double NANOS_PER_MINUTE = 60e9;
  private static final double MILLIS_PER_MINUTE = 60e3;

  /** The tolerance for rounding errors of sums. */
  private static final double EPSILON = 1e-6;

  private final int capacity;
  private double level;
  private long updated;

  TokenBucket(int perMinute, long now) {
    this.capacity = perMinute;
    this.level = perMinute;
    this.updated = now;
  }

  /** The state of a bucket, for the headers of responses. */
  record State(int limit, long remaining, Duration untilFull) {}

  int capacity() {
    return capacity;
  }

  boolean has(long amount, long now) {
    refill(now);
    return level + EPSILON >= amount;
  }

  /** Takes an amount, even if the bucket has less; its level then becomes negative. */
  void take(long amount, long now) {
    refill(now);
    level = Math.min(capacity, level - amount);
  }

  /** Returns the time until the bucket has this amount, in whole milliseconds. */
  Duration until(long amount, long now) {
    refill(now);
    return time(amount - level);
  }

  State state(long now) {
    refill(now);
    return new State(
        capacity, (long) Math.max(0, Math.floor(level + EPSILON)), time(capacity - level));
  }

  private Duration time(double missing) {
    double millis = Math.max(0, missing) * MILLIS_PER_MINUTE / capacity;
    return Duration.ofMillis((long) Math.ceil(millis - EPSILON));
  }

  private void refill(long now) {
    long elapsed = now - updated;
    if (elapsed > 0) { // threads read the clock before they acquire the lock
      level = Math.min(capacity, level + elapsed * (capacity / NANOS_PER_MINUTE));
      updated = now;
    }
  }
}
