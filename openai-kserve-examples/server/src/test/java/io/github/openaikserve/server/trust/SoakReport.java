package io.github.openaikserve.server.trust;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The results of a soak.
 *
 * @param faults the number of network faults
 * @param heap MiB in use after a garbage collection, at equal intervals
 * @param left the number of calls, permits and waiting calls that were left after all clients had
 *     stopped
 */
record SoakReport(SoakTally tally, int faults, long nanos, List<Long> heap, int left) {
  private static final long SLACK = 16;

  /** Returns whether every request is accounted for. */
  boolean balances() {
    return tally.sent.get() == tally.answered.get() + tally.refused.get() + tally.cancelled.get()
        && tally.lost.get() == 0;
  }

  /** Returns whether the memory in use at the end is about that of the first sample. */
  boolean isFlat() {
    return heap.get(heap.size() - 1) <= heap.get(0) + SLACK;
  }

  /** Returns the report as a table. */
  String text() {
    return """
    | | |
    |---|---|
    | time | %s |
    | faults of the network | %,d |
    | requests sent | %,d |
    | answered whole | %,d |
    | refused with an OpenAI error | %,d %s |
    | cancelled by their clients | %,d |
    | lost | %,d |
    | left behind | %,d |
    | heap in use, MiB | %s |
    | kinds | %s |
    """
        .formatted(
            Duration.ofNanos(nanos).truncatedTo(ChronoUnit.SECONDS),
            faults,
            tally.sent.get(),
            tally.answered.get(),
            tally.refused.get(),
            tally.refusals(),
            tally.cancelled.get(),
            tally.lost.get(),
            left,
            heap,
            tally.kinds());
  }
}
