package io.github.openaikserve.micrometer;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * The bucket boundaries of a histogram. Immutable.
 *
 * <p>Source: OpenTelemetry semantic conventions for generative AI, the explicit bucket boundaries
 * of each metric.
 */
final class Buckets {
  /**
   * For the duration of calls, the time to the first chunk, and the time between chunks: 10 ms to
   * 82 s, doubling.
   */
  static final Buckets OPERATION =
      new Buckets(
          0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);

  /** For the time per output token: 10 ms to 2.5 s. */
  static final Buckets OUTPUT_TOKEN =
      new Buckets(0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5);

  /** For the tokens of one call: the powers of four up to 4 to the 13th. */
  static final Buckets TOKENS =
      new Buckets(LongStream.iterate(1, n -> n * 4).limit(14).asDoubleStream().toArray());

  private final double[] boundaries;

  private Buckets(double... boundaries) {
    this.boundaries = boundaries;
  }

  /** Adds the boundaries, in seconds. */
  Timer.Builder addTo(Timer.Builder timer) {
    return timer.serviceLevelObjectives(
        DoubleStream.of(boundaries)
            .mapToObj(seconds -> Duration.ofNanos(Math.round(seconds * 1e9)))
            .toArray(Duration[]::new));
  }

  /** Adds the boundaries. */
  DistributionSummary.Builder addTo(DistributionSummary.Builder summary) {
    return summary.serviceLevelObjectives(boundaries);
  }
}
