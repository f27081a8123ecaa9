package io.github.openaikserve.benchmarks;

import java.util.Arrays;

/** Times until the first token. Thread-safe. */
final class Latencies {
  private long[] nanos = new long[1024];
  private int count;

  synchronized void add(long time) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = time;
  }

  synchronized void clear() {
    count = 0;
  }

  /** Returns a percentile in microseconds; 0 if there are no times. */
  synchronized long percentile(int percent) {
    if (count == 0) {
      return 0;
    }
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return sorted[Math.min(count - 1, count * percent / 100)] / 1000;
  }
}
