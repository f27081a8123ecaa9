package io.github.openaikserve.resilience;

import io.github.openaikserve.internal.resilience.Durations;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The policy of a circuit breaker: when it opens, and for how long. Immutable. */
public final class CircuitBreakerPolicy {
  private static final int MAX_WINDOW = 10_000;

  private final Values values;

  /** The values of a policy, which decide whether two policies are equal. */
  private record Values(
      int consecutiveFailures,
      double failureRate,
      int slidingWindow,
      Duration slidingWindowTime,
      Duration waitInOpenState,
      Duration maxWaitInOpenState) {}

  private CircuitBreakerPolicy(Values values) {
    this.values = values;
  }

  /**
   * Returns the default policy. The circuit breaker opens after five consecutive failures, or if
   * half of the last 20 calls within a minute fail. It stays open for 10 seconds at first and for
   * at most two minutes.
   */
  public static CircuitBreakerPolicy ofDefaults() {
    return builder().build();
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the number of consecutive failures that opens the circuit breaker. */
  public int consecutiveFailures() {
    return values.consecutiveFailures;
  }

  /**
   * Returns the failure rate in the sliding window that opens the circuit breaker, greater than 0
   * and at most 1.
   */
  public double failureRate() {
    return values.failureRate;
  }

  /**
   * Returns the number of calls in the sliding window. The failure rate is not computed for fewer
   * calls.
   */
  public int slidingWindow() {
    return values.slidingWindow;
  }

  /** Returns the maximum age of a call in the sliding window. */
  public Duration slidingWindowTime() {
    return values.slidingWindowTime;
  }

  /** Returns the time in the open state when the circuit breaker first opens. */
  public Duration waitInOpenState() {
    return values.waitInOpenState;
  }

  /** Returns the maximum time in the open state. The time doubles on each consecutive opening. */
  public Duration maxWaitInOpenState() {
    return values.maxWaitInOpenState;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CircuitBreakerPolicy policy && values.equals(policy.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString().replace("Values", "CircuitBreakerPolicy");
  }

  /** A builder of policies. Not thread-safe. */
  public static final class Builder {
    private int consecutiveFailures = 5;
    private double failureRate = 0.5;
    private int slidingWindow = 20;
    private Duration slidingWindowTime = Duration.ofMinutes(1);
    private Duration waitInOpenState = Duration.ofSeconds(10);
    private Duration maxWaitInOpenState = Duration.ofMinutes(2);

    private Builder() {}

    /** Sets the number of consecutive failures that opens the circuit breaker (default: 5). */
    public Builder consecutiveFailures(int failures) {
      this.consecutiveFailures = failures;
      return this;
    }

    /**
     * Sets the failure rate in the sliding window that opens the circuit breaker (default: 0.5).
     */
    public Builder failureRate(double rate) {
      this.failureRate = rate;
      return this;
    }

    /** Sets the number of calls in the sliding window (default: 20). */
    public Builder slidingWindow(int calls) {
      this.slidingWindow = calls;
      return this;
    }

    /** Sets the maximum age of a call in the sliding window (default: 1min). */
    public Builder slidingWindowTime(Duration time) {
      this.slidingWindowTime = Objects.requireNonNull(time, "time");
      return this;
    }

    /** Sets the time in the open state when the circuit breaker first opens (default: 10s). */
    public Builder waitInOpenState(Duration wait) {
      this.waitInOpenState = Objects.requireNonNull(wait, "wait");
      return this;
    }

    /**
     * Sets the maximum time in the open state (default: 2min). Has no effect if it is less than
     * {@link #waitInOpenState}.
     */
    public Builder maxWaitInOpenState(Duration wait) {
      this.maxWaitInOpenState = Objects.requireNonNull(wait, "wait");
      return this;
    }

    /**
     * Builds the policy.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public CircuitBreakerPolicy build() {
      require(
          consecutiveFailures >= 1, "consecutiveFailures must be at least 1", consecutiveFailures);
      require(
          failureRate > 0 && failureRate <= 1,
          "failureRate must be greater than 0 and at most 1",
          failureRate);
      require(
          slidingWindow >= 2 && slidingWindow <= MAX_WINDOW,
          "slidingWindow must be from 2 to " + MAX_WINDOW,
          slidingWindow);
      Durations.requirePositive("slidingWindowTime", slidingWindowTime);
      Durations.requirePositive("waitInOpenState", waitInOpenState);
      Durations.requirePositive("maxWaitInOpenState", maxWaitInOpenState);
      Duration longest =
          maxWaitInOpenState.compareTo(waitInOpenState) < 0 ? waitInOpenState : maxWaitInOpenState;
      return new CircuitBreakerPolicy(
          new Values(
              consecutiveFailures,
              failureRate,
              slidingWindow,
              slidingWindowTime,
              waitInOpenState,
              longest));
    }

    private static void require(boolean legal, String rule, Object value) {
      if (!legal) {
        throw new IllegalArgumentException(rule + ", was " + value);
      }
    }
  }
}
