package io.github.openaikserve.internal.resilience;

import java.time.Duration;
import java.util.Arrays;

/** A sliding window of the outcomes of the last calls. Not thread-safe. */
public final class SlidingWindow {
  private final long[] times;
  private final boolean[] failures;
  private final long maxAge;
  private int size;
  private int next;
  private int failed;

  public SlidingWindow(int calls, Duration maxAge) {
    this.times = new long[calls];
    this.failures = new boolean[calls];
    this.maxAge = maxAge.toNanos();
  }

  public void record(boolean failure, long now) {
    if (size == times.length) {
      failed -= failures[next] ? 1 : 0;
    } else {
      size++;
    }
    times[next] = now;
    failures[next] = failure;
    failed += failure ? 1 : 0;
    next = (next + 1) % times.length;
  }

  /** Returns the fraction of failed calls; 0 unless the window is full of recent calls. */
  public double failureRate(long now) {
    // In a full window the oldest call is at the position of the next write.
    boolean full = size == times.length && now - times[next] <= maxAge;
    return full ? (double) failed / size : 0;
  }

  public void clear() {
    Arrays.fill(failures, false);
    size = 0;
    next = 0;
    failed = 0;
  }
}
