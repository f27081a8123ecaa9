package io.github.openaikserve.server.config;

import io.github.openaikserve.resilience.BalancingPolicy;
import io.github.openaikserve.resilience.CircuitBreakerPolicy;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.resilience.HealthCheckPolicy;
import io.github.openaikserve.resilience.RetryPolicy;
import io.github.openaikserve.server.options.Mistake;
import io.github.openaikserve.server.options.Setting;
import java.time.Duration;
import java.util.Optional;

/** The resilience policies for the endpoints of one model server. Immutable. */
public record ResilienceConfig(
    BalancingPolicy balancing,
    Breaker circuitBreaker,
    HealthCheck healthCheck,
    Retries retries,
    @Setting(switchable = true) Optional<Limit> limit) {

  /** The circuit breaker of an endpoint. */
  public record Breaker(
      @Setting(max = 10_000) int consecutiveFailures,
      @Setting(min = 2, max = 10_000) int slidingWindow,
      Duration waitInOpenState,
      Duration maxWaitInOpenState) {
    /** Checks the values against each other. */
    public Breaker {
      policy(consecutiveFailures, slidingWindow, waitInOpenState, maxWaitInOpenState);
    }

    /** Returns the library's policy. */
    public CircuitBreakerPolicy policy() {
      return policy(consecutiveFailures, slidingWindow, waitInOpenState, maxWaitInOpenState);
    }

    private static CircuitBreakerPolicy policy(
        int failures, int window, Duration wait, Duration maxWait) {
      return CircuitBreakerPolicy.builder()
          .consecutiveFailures(failures)
          .slidingWindow(window)
          .waitInOpenState(wait)
          .maxWaitInOpenState(maxWait)
          .build();
    }
  }

  /** The health checks of endpoints. */
  public record HealthCheck(Duration interval, Duration unhealthyInterval, Duration timeout) {
    /** Returns the library's policy. */
    public HealthCheckPolicy policy() {
      return HealthCheckPolicy.builder()
          .interval(interval)
          .unhealthyInterval(unhealthyInterval)
          .timeout(timeout)
          .build();
    }
  }

  /** The retries of failed calls. */
  public record Retries(
      @Setting(max = 10) int maxAttempts,
      Duration initialBackoff,
      Duration maxBackoff,
      @Setting(max = 10_000) int budget) {
    /** Checks the values against each other. */
    public Retries {
      if (maxBackoff.compareTo(initialBackoff) < 0) {
        throw new Mistake("initial_backoff", "must not exceed 'max_backoff'", "max_backoff");
      }
    }

    /** Returns the library's policy. */
    public RetryPolicy policy() {
      return RetryPolicy.builder()
          .maxAttempts(maxAttempts)
          .initialBackoff(initialBackoff)
          .maxBackoff(maxBackoff)
          .budget(budget, RetryPolicy.ofDefaults().tokenRatio())
          .build();
    }
  }

  /** The limit of concurrent calls. */
  public record Limit(
      @Setting(max = 1_000_000) int max,
      @Setting(min = 0, max = 1_000_000) int queue,
      Duration maxWait,
      boolean holdUntilDone) {
    /** Returns the library's limit. */
    public ConcurrencyLimit limit() {
      var limit = ConcurrencyLimit.builder().max(max).queue(queue).maxWait(maxWait);
      return (holdUntilDone ? limit.holdUntilDone() : limit).build();
    }
  }
}
