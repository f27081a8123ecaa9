package io.github.openaikserve.resilience;

import java.time.Duration;
import java.util.Objects;

/**
 * When a server counts as broken, and when it is tried again. Immutable.
 *
 * @param consecutiveFailures how many failures in a row are too many, at least 1
 * @param failureRatio which part of the recent calls may fail, over 0 and up to 1
 * @param window over how many recent calls the ratio is taken, at least 2; fewer are no ratio
 * @param memory how old an outcome may be to count for the ratio, positive
 * @param openFor how long no call is let through, positive
 */
public record CircuitBreaker(
    int consecutiveFailures, double failureRatio, int window, Duration memory, Duration openFor) {
  private static final int MAX_WINDOW = 10_000;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public CircuitBreaker {
    if (consecutiveFailures < 1) {
      throw new IllegalArgumentException(
          "a circuit opens at one failure or more, not " + consecutiveFailures);
    }
    if (!(failureRatio > 0 && failureRatio <= 1)) {
      throw new IllegalArgumentException("a ratio is over 0 and up to 1, not " + failureRatio);
    }
    if (window < 2 || window > MAX_WINDOW) {
      throw new IllegalArgumentException("a window is 2 to 10000 calls, not " + window);
    }
    Durations.requirePositive("memory", memory);
    Durations.requirePositive("openFor", openFor);
  }

  /** Five failures in a row, or half of the last 20 calls within a minute; open for 10 seconds. */
  public static CircuitBreaker ofDefaults() {
    return builder().build();
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Puts a circuit breaker together. Not thread-safe. */
  public static final class Builder {
    private int consecutiveFailures = 5;
    private double failureRatio = 0.5;
    private int window = 20;
    private Duration memory = Duration.ofMinutes(1);
    private Duration openFor = Duration.ofSeconds(10);

    private Builder() {}

    /** How many failures in a row open the circuit; 5 unless set. */
    public Builder consecutiveFailures(int failures) {
      this.consecutiveFailures = failures;
      return this;
    }

    /** Which part of the recent calls must fail to open the circuit; 0.5 unless set. */
    public Builder failureRatio(double ratio) {
      this.failureRatio = ratio;
      return this;
    }

    /** Over how many recent calls the ratio is taken; 20 unless set. */
    public Builder window(int calls) {
      this.window = calls;
      return this;
    }

    /** How old an outcome may be to count for the ratio; a minute unless set. */
    public Builder memory(Duration memory) {
      this.memory = Objects.requireNonNull(memory, "memory");
      return this;
    }

    /** How long no call is let through; 10 seconds unless set. */
    public Builder openFor(Duration openFor) {
      this.openFor = Objects.requireNonNull(openFor, "openFor");
      return this;
    }

    /**
     * The circuit breaker.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public CircuitBreaker build() {
      return new CircuitBreaker(consecutiveFailures, failureRatio, window, memory, openFor);
    }
  }
}
