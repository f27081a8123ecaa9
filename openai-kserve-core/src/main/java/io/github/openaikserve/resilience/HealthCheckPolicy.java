package io.github.openaikserve.resilience;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The times of the health checks that every endpoint receives in the background. Immutable. */
public final class HealthCheckPolicy {
  private final Duration interval;
  private final Duration unhealthyInterval;
  private final Duration timeout;

  private HealthCheckPolicy(Builder builder) {
    this.interval = builder.interval;
    this.unhealthyInterval = builder.unhealthyInterval;
    this.timeout = builder.timeout;
  }

  /**
   * Returns the default: every 5 seconds, every second while unhealthy, 2 seconds for an answer.
   */
  public static HealthCheckPolicy ofDefaults() {
    return builder().build();
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the time between health checks of a healthy endpoint. */
  public Duration interval() {
    return interval;
  }

  /** Returns the time between health checks of an endpoint that is not healthy. */
  public Duration unhealthyInterval() {
    return unhealthyInterval;
  }

  /** Returns the time limit of one health check. */
  public Duration timeout() {
    return timeout;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HealthCheckPolicy policy
        && interval.equals(policy.interval)
        && unhealthyInterval.equals(policy.unhealthyInterval)
        && timeout.equals(policy.timeout);
  }

  @Override
  public int hashCode() {
    return Objects.hash(interval, unhealthyInterval, timeout);
  }

  @Override
  public String toString() {
    return "HealthCheckPolicy[interval=%s, unhealthyInterval=%s, timeout=%s]"
        .formatted(interval, unhealthyInterval, timeout);
  }

  /** Builds a policy. Not thread-safe. */
  public static final class Builder {
    private Duration interval = Duration.ofSeconds(5);
    private Duration unhealthyInterval = Duration.ofSeconds(1);
    private Duration timeout = Duration.ofSeconds(2);

    private Builder() {}

    /**
     * Sets the time between health checks (default: 5 seconds); each is up to a fifth longer or
     * shorter, so that endpoints are not checked all at once.
     */
    public Builder interval(Duration interval) {
      this.interval = Objects.requireNonNull(interval, "interval");
      return this;
    }

    /**
     * Sets the time between health checks of an endpoint that is not healthy (default: one second):
     * it bounds how soon an endpoint that has returned is used again.
     */
    public Builder unhealthyInterval(Duration interval) {
      this.unhealthyInterval = Objects.requireNonNull(interval, "interval");
      return this;
    }

    /** Sets the time limit of one health check (default: 2 seconds). */
    public Builder timeout(Duration timeout) {
      this.timeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /**
     * Returns the policy.
     *
     * @throws IllegalArgumentException if a time is not positive, or over 365 days
     */
    public HealthCheckPolicy build() {
      Durations.requirePositive("interval", interval);
      Durations.requirePositive("unhealthyInterval", unhealthyInterval);
      Durations.requirePositive("timeout", timeout);
      return new HealthCheckPolicy(this);
    }
  }
}
