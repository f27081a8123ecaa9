package io.github.openaikserve.resilience;

import io.github.openaikserve.internal.resilience.Durations;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The intervals and the timeout of health checks, which run in the background for every endpoint.
 * Immutable.
 */
public final class HealthCheckPolicy {
  private final Values values;

  /** The values of a policy, which decide whether two policies are equal. */
  private record Values(Duration interval, Duration unhealthyInterval, Duration timeout) {}

  private HealthCheckPolicy(Values values) {
    this.values = values;
  }

  /**
   * Returns the default policy: every 5 seconds, every second while unhealthy, with a timeout of 2
   * seconds.
   */
  public static HealthCheckPolicy ofDefaults() {
    return builder().build();
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the interval of health checks of a healthy endpoint. */
  public Duration interval() {
    return values.interval;
  }

  /** Returns the interval of health checks of an unhealthy endpoint. */
  public Duration unhealthyInterval() {
    return values.unhealthyInterval;
  }

  /** Returns the time limit of one health check. */
  public Duration timeout() {
    return values.timeout;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HealthCheckPolicy policy && values.equals(policy.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString().replace("Values", "HealthCheckPolicy");
  }

  /** A builder of policies. Not thread-safe. */
  public static final class Builder {
    private Duration interval = Duration.ofSeconds(5);
    private Duration unhealthyInterval = Duration.ofSeconds(1);
    private Duration timeout = Duration.ofSeconds(2);

    private Builder() {}

    /**
     * Sets the interval of health checks (default: 5s). Each interval varies randomly by up to a
     * fifth, so that endpoints are not checked simultaneously.
     */
    public Builder interval(Duration interval) {
      this.interval = Objects.requireNonNull(interval, "interval");
      return this;
    }

    /**
     * Sets the interval of health checks of an unhealthy endpoint (default: 1s). It determines how
     * soon a recovered endpoint is used again.
     */
    public Builder unhealthyInterval(Duration interval) {
      this.unhealthyInterval = Objects.requireNonNull(interval, "interval");
      return this;
    }

    /** Sets the time limit of one health check (default: 2s). */
    public Builder timeout(Duration timeout) {
      this.timeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /**
     * Builds the policy.
     *
     * @throws IllegalArgumentException if a duration is not positive, or is longer than 365 days
     */
    public HealthCheckPolicy build() {
      Durations.requirePositive("interval", interval);
      Durations.requirePositive("unhealthyInterval", unhealthyInterval);
      Durations.requirePositive("timeout", timeout);
      return new HealthCheckPolicy(new Values(interval, unhealthyInterval, timeout));
    }
  }
}
