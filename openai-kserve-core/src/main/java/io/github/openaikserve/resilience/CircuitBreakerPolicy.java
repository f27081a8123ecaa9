package io.github.openaikserve.resilience;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The thresholds of a circuit breaker and the time it stays open. Immutable. */
public final class CircuitBreakerPolicy {
  private static final int MAX_WINDOW = 10_000;

  private final int consecutiveFailures;
  private final double failureRate;
  private final int slidingWindow;
  private final Duration slidingWindowTime;
  private final Duration waitInOpenState;
  private final Duration maxWaitInOpenState;

  private CircuitBreakerPolicy(Builder builder) {
    this.consecutiveFailures = builder.consecutiveFailures;
    this.failureRate = builder.failureRate;
    this.slidingWindow = builder.slidingWindow;
    this.slidingWindowTime = builder.slidingWindowTime;
    this.waitInOpenState = builder.waitInOpenState;
    this.maxWaitInOpenState =
        builder.maxWaitInOpenState.compareTo(waitInOpenState) < 0
            ? waitInOpenState
            : builder.maxWaitInOpenState;
  }

  /**
   * Returns the default policy: five consecutive failures, or half of the last 20 calls within a
   * minute; open for 10 seconds at first and for two minutes at most.
   */
  public static CircuitBreakerPolicy ofDefaults() {
    return builder().build();
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns how many consecutive failures open the circuit breaker. */
  public int consecutiveFailures() {
    return consecutiveFailures;
  }

  /** Returns the part of the calls in the sliding window that must fail, over 0 and up to 1. */
  public double failureRate() {
    return failureRate;
  }

  /** Returns the number of calls in the sliding window; fewer calls have no failure rate. */
  public int slidingWindow() {
    return slidingWindow;
  }

  /** Returns the age at which a call leaves the sliding window. */
  public Duration slidingWindowTime() {
    return slidingWindowTime;
  }

  /** Returns the time in the open state after the first failure of an endpoint. */
  public Duration waitInOpenState() {
    return waitInOpenState;
  }

  /** Returns the longest time in the open state; each consecutive time is twice as long. */
  public Duration maxWaitInOpenState() {
    return maxWaitInOpenState;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CircuitBreakerPolicy policy
        && consecutiveFailures == policy.consecutiveFailures
        && failureRate == policy.failureRate
        && slidingWindow == policy.slidingWindow
        && slidingWindowTime.equals(policy.slidingWindowTime)
        && waitInOpenState.equals(policy.waitInOpenState)
        && maxWaitInOpenState.equals(policy.maxWaitInOpenState);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        consecutiveFailures,
        failureRate,
        slidingWindow,
        slidingWindowTime,
        waitInOpenState,
        maxWaitInOpenState);
  }

  @Override
  public String toString() {
    return "CircuitBreakerPolicy[consecutiveFailures=%s, failureRate=%s, slidingWindow=%s, slidingWindowTime=%s, waitInOpenState=%s, maxWaitInOpenState=%s]"
        .formatted(
            consecutiveFailures,
            failureRate,
            slidingWindow,
            slidingWindowTime,
            waitInOpenState,
            maxWaitInOpenState);
  }

  /** Builds a policy. Not thread-safe. */
  public static final class Builder {
    private int consecutiveFailures = 5;
    private double failureRate = 0.5;
    private int slidingWindow = 20;
    private Duration slidingWindowTime = Duration.ofMinutes(1);
    private Duration waitInOpenState = Duration.ofSeconds(10);
    private Duration maxWaitInOpenState = Duration.ofMinutes(2);

    private Builder() {}

    /** Sets how many consecutive failures open the circuit breaker (default: 5). */
    public Builder consecutiveFailures(int failures) {
      this.consecutiveFailures = failures;
      return this;
    }

    /** Sets the part of the calls in the sliding window that must fail (default: 0.5). */
    public Builder failureRate(double rate) {
      this.failureRate = rate;
      return this;
    }

    /** Sets the number of calls in the sliding window (default: 20). */
    public Builder slidingWindow(int calls) {
      this.slidingWindow = calls;
      return this;
    }

    /** Sets the age at which a call leaves the sliding window (default: one minute). */
    public Builder slidingWindowTime(Duration time) {
      this.slidingWindowTime = Objects.requireNonNull(time, "time");
      return this;
    }

    /** Sets the first time in the open state (default: 10 seconds). */
    public Builder waitInOpenState(Duration wait) {
      this.waitInOpenState = Objects.requireNonNull(wait, "wait");
      return this;
    }

    /**
     * Sets the longest time in the open state (default: two minutes), if that is over the first.
     */
    public Builder maxWaitInOpenState(Duration wait) {
      this.maxWaitInOpenState = Objects.requireNonNull(wait, "wait");
      return this;
    }

    /**
     * Returns the policy.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public CircuitBreakerPolicy build() {
      require(
          consecutiveFailures >= 1, "consecutiveFailures must be at least 1", consecutiveFailures);
      require(
          failureRate > 0 && failureRate <= 1,
          "failureRate must be over 0 and up to 1",
          failureRate);
      require(
          slidingWindow >= 2 && slidingWindow <= MAX_WINDOW,
          "slidingWindow must be from 2 to " + MAX_WINDOW,
          slidingWindow);
      Durations.requirePositive("slidingWindowTime", slidingWindowTime);
      Durations.requirePositive("waitInOpenState", waitInOpenState);
      Durations.requirePositive("maxWaitInOpenState", maxWaitInOpenState);
      return new CircuitBreakerPolicy(this);
    }

    private static void require(boolean legal, String rule, Object value) {
      if (!legal) {
        throw new IllegalArgumentException(rule + ", was " + value);
      }
    }
  }
}
