package io.github.openaikserve.benchmarks;

import java.util.Arrays;

/**
 * The counters of a process at one time.
 *
 * @param nanos the time on the process's own clock, in nanoseconds
 * @param cpu CPU time in nanoseconds
 * @param compiling time of JIT compilation, in milliseconds
 * @param live bytes in use after a garbage collection; 0 if none was requested
 * @param firstTokenP50 median time to the first token, in microseconds
 */
record Sample(
    long nanos,
    long tokens,
    long requests,
    long failures,
    long cpu,
    long compiling,
    long allocated,
    long resident,
    long live,
    long firstTokenP50,
    long firstTokenP99) {
  private static final int FIELDS = 11;

  /** Returns the sample as one line of text. */
  String line() {
    return nanos
        + " "
        + tokens
        + " "
        + requests
        + " "
        + failures
        + " "
        + cpu
        + " "
        + compiling
        + " "
        + allocated
        + " "
        + resident
        + " "
        + live
        + " "
        + firstTokenP50
        + " "
        + firstTokenP99;
  }

  static Sample parse(String line) {
    long[] v = Arrays.stream(line.strip().split(" ", -1)).mapToLong(Long::parseLong).toArray();
    if (v.length != FIELDS) {
      throw new IllegalArgumentException("no sample: " + line);
    }
    return new Sample(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10]);
  }
}
