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
    @Setting(
            value = "Load balancing over the endpoints: `least_requests` or `round_robin`.",
            initial = "least_requests")
        BalancingPolicy balancing,
    @Setting("Circuit breaker of each endpoint; see [Resilience](RESILIENCE.md).")
        Breaker circuitBreaker,
    @Setting("Background health checks of every endpoint.") HealthCheck healthCheck,
    @Setting("Retries of failed calls.") Retries retries,
    @Setting(
            value = "Limit of concurrent calls; `false` for no limit.",
            initial = "true",
            switchable = true)
        Optional<Limit> limit) {

  /** The circuit breaker of an endpoint. */
  public record Breaker(
      @Setting(
              value = "Consecutive failures that open the circuit breaker.",
              initial = "5",
              max = 10_000)
          int consecutiveFailures,
      @Setting(
              value = "Number of recent calls; if half of them fail, the circuit breaker opens.",
              initial = "20",
              min = 2,
              max = 10_000)
          int slidingWindow,
      @Setting(
              value = "Time in the open state; doubles each time the circuit breaker opens again.",
              initial = "10s")
          Duration waitInOpenState,
      @Setting(value = "Maximum time in the open state.", initial = "2m")
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
  public record HealthCheck(
      @Setting(value = "Interval of health checks.", initial = "5s") Duration interval,
      @Setting(value = "Interval of health checks of an unhealthy endpoint.", initial = "1s")
          Duration unhealthyInterval,
      @Setting(value = "Time limit of one health check.", initial = "2s") Duration timeout) {
    /** Checks the values. */
    public HealthCheck {
      policy(interval, unhealthyInterval, timeout);
    }

    /** Returns the library's policy. */
    public HealthCheckPolicy policy() {
      return policy(interval, unhealthyInterval, timeout);
    }

    private static HealthCheckPolicy policy(
        Duration interval, Duration unhealthyInterval, Duration timeout) {
      return HealthCheckPolicy.builder()
          .interval(interval)
          .unhealthyInterval(unhealthyInterval)
          .timeout(timeout)
          .build();
    }
  }

  /** The retries of failed calls. */
  public record Retries(
      @Setting(
              value =
                  "Maximum number of attempts, including the original call; 1 turns retries off.",
              initial = "3",
              max = 10)
          int maxAttempts,
      @Setting(value = "Backoff before the first retry on the same endpoint.", initial = "50ms")
          Duration initialBackoff,
      @Setting(value = "Maximum backoff.", initial = "1s") Duration maxBackoff,
      @Setting(
              value =
                  "Retry budget in tokens: a retry takes one, ten successful calls return one, and"
                      + " an empty budget stops retries.",
              initial = "100",
              max = 10_000)
          int budget) {
    /** Checks the values. */
    public Retries {
      if (maxBackoff.compareTo(initialBackoff) < 0) {
        throw new Mistake("initial_backoff", "must not exceed 'max_backoff'", "max_backoff");
      }
      policy(maxAttempts, initialBackoff, maxBackoff, budget);
    }

    /** Returns the library's policy. */
    public RetryPolicy policy() {
      return policy(maxAttempts, initialBackoff, maxBackoff, budget);
    }

    private static RetryPolicy policy(
        int attempts, Duration initialBackoff, Duration maxBackoff, int budget) {
      return RetryPolicy.builder()
          .maxAttempts(attempts)
          .initialBackoff(initialBackoff)
          .maxBackoff(maxBackoff)
          .budget(budget, RetryPolicy.ofDefaults().tokenRatio())
          .build();
    }
  }

  /** The limit of concurrent calls. */
  public record Limit(
      @Setting(value = "Maximum number of concurrent calls.", initial = "4096", max = 1_000_000)
          int max,
      @Setting(
              value = "Maximum number of waiting calls.",
              initial = "1024",
              min = 0,
              max = 1_000_000)
          int queue,
      @Setting(value = "Maximum wait of a call.", initial = "30s") Duration maxWait,
      @Setting("Hold the permit of a cancelled call until the server completes.")
          boolean holdUntilDone) {
    /** Checks the values. */
    public Limit {
      builder(max, queue, maxWait).build();
    }

    /** Returns the library's limit. */
    public ConcurrencyLimit limit() {
      ConcurrencyLimit.Builder limit = builder(max, queue, maxWait);
      return (holdUntilDone ? limit.holdUntilDone() : limit).build();
    }

    private static ConcurrencyLimit.Builder builder(int max, int queue, Duration maxWait) {
      return ConcurrencyLimit.builder().max(max).queue(queue).maxWait(maxWait);
    }
  }
}
