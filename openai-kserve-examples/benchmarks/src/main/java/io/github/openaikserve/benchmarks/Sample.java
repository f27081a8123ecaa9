package io.github.openaikserve.benchmarks;

import java.util.Arrays;

/**
 * The counters of a process at one moment; differences of two are what happened between them.
 *
 * @param nanos when, on the process's own clock
 * @param cpu nanoseconds
 * @param compiling milliseconds that the compiler of the JVM has taken
 * @param live bytes in use after a collection; 0 where none was asked for
 * @param firstTokenP50 microseconds, as the next one
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

  /** One line of text. */
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
