package io.github.openaikserve.server.limits;

import java.time.Duration;

/**
 * A bucket that refills evenly and is full after a minute. Not thread-safe.
 *
 * <p>All times are of one monotonic clock, in nanoseconds.
 */
final class TokenBucket {
  private static final double NANOS_PER_MINUTE = 60e9;
  private static final double MILLIS_PER_MINUTE = 60e3;

  /** Sums of fractions are not exact. */
  private static final double EPSILON = 1e-6;

  private final int capacity;
  private double level;
  private long updated;

  /** Creates a full bucket. */
  TokenBucket(int perMinute, long now) {
    this.capacity = perMinute;
    this.level = perMinute;
    this.updated = now;
  }

  /** The state of a bucket, as clients receive it. */
  record State(int limit, long remaining, Duration untilFull) {}

  int capacity() {
    return capacity;
  }

  /** Returns whether so much can be taken. */
  boolean has(long amount, long now) {
    refill(now);
    return level + EPSILON >= amount;
  }

  /** Takes an amount, also more than there is: the bucket then refills from below zero. */
  void take(long amount, long now) {
    refill(now);
    level = Math.min(capacity, level - amount);
  }

  /** Returns the time until so much can be taken, in whole milliseconds. */
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
    if (elapsed > 0) { // threads read the clock before they get here
      level = Math.min(capacity, level + elapsed * (capacity / NANOS_PER_MINUTE));
      updated = now;
    }
  }
}
