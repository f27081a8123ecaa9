package io.github.openaikserve.server.trust;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What came of a soak.
 *
 * @param faults how many times the network was made to fail
 * @param heap MiB in use after a collection, at equal distances
 * @param left how many calls, places and waiting calls were left when all clients had gone
 */
record SoakReport(SoakTally tally, int faults, long nanos, List<Long> heap, int left) {
  private static final long SLACK = 16;

  /** Whether every request is accounted for. */
  boolean balances() {
    return tally.sent.get() == tally.answered.get() + tally.refused.get() + tally.cancelled.get()
        && tally.lost.get() == 0;
  }

  /**
   * Whether as much memory is in use at the end as there was at the first look, but for a little.
   */
  boolean isFlat() {
    return heap.get(heap.size() - 1) <= heap.get(0) + SLACK;
  }

  /** As a table. */
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
