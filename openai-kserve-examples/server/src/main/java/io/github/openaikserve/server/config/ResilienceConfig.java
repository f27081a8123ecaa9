package io.github.openaikserve.server.config;

import io.github.openaikserve.resilience.BalancingPolicy;
import io.github.openaikserve.resilience.CircuitBreakerPolicy;
import io.github.openaikserve.resilience.HealthCheckPolicy;
import io.github.openaikserve.resilience.RetryPolicy;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The policies for the endpoints of one model server. Immutable. */
public record ResilienceConfig(
    BalancingPolicy balancing,
    CircuitBreakerPolicy circuitBreaker,
    HealthCheckPolicy healthCheck,
    RetryPolicy retries) {
  private static final int MAX_COUNT = 10_000;
  private static final int MAX_ATTEMPTS = 10;

  /** The defaults. */
  public static final ResilienceConfig DEFAULT =
      new ResilienceConfig(
          BalancingPolicy.LEAST_REQUESTS,
          CircuitBreakerPolicy.ofDefaults(),
          HealthCheckPolicy.ofDefaults(),
          RetryPolicy.ofDefaults());

  static ResilienceConfig read(Section section) {
    return new ResilienceConfig(
        section.find("balancing").map(ResilienceConfig::balancing).orElse(DEFAULT.balancing),
        section
            .find("circuit_breaker")
            .map(value -> value.section(ResilienceConfig::circuitBreaker))
            .orElse(DEFAULT.circuitBreaker),
        section
            .find("health_check")
            .map(value -> value.section(ResilienceConfig::healthCheck))
            .orElse(DEFAULT.healthCheck),
        section
            .find("retries")
            .map(value -> value.section(ResilienceConfig::retries))
            .orElse(DEFAULT.retries));
  }

  private static BalancingPolicy balancing(Value value) {
    List<String> names =
        Stream.of(BalancingPolicy.values()).map(b -> b.name().toLowerCase(Locale.ROOT)).toList();
    return value.oneOf(names, name -> BalancingPolicy.valueOf(name.toUpperCase(Locale.ROOT)));
  }

  private static CircuitBreakerPolicy circuitBreaker(Section section) {
    CircuitBreakerPolicy.Builder policy = CircuitBreakerPolicy.builder();
    count(section, "consecutive_failures", 1, policy::consecutiveFailures);
    count(section, "sliding_window", 2, policy::slidingWindow);
    section
        .find("wait_in_open_state")
        .ifPresent(time -> policy.waitInOpenState(time.positiveDuration()));
    section
        .find("max_wait_in_open_state")
        .ifPresent(time -> policy.maxWaitInOpenState(time.positiveDuration()));
    return policy.build();
  }

  private static HealthCheckPolicy healthCheck(Section section) {
    HealthCheckPolicy.Builder policy = HealthCheckPolicy.builder();
    section.find("interval").ifPresent(time -> policy.interval(time.positiveDuration()));
    section
        .find("unhealthy_interval")
        .ifPresent(time -> policy.unhealthyInterval(time.positiveDuration()));
    section.find("timeout").ifPresent(time -> policy.timeout(time.positiveDuration()));
    return policy.build();
  }

  private static RetryPolicy retries(Section section) {
    RetryPolicy.Builder policy = RetryPolicy.builder();
    section.find("max_attempts").ifPresent(n -> policy.maxAttempts(n.integer(1, MAX_ATTEMPTS)));
    section
        .find("initial_backoff")
        .ifPresent(time -> policy.initialBackoff(time.positiveDuration()));
    section.find("max_backoff").ifPresent(time -> policy.maxBackoff(time.positiveDuration()));
    count(
        section,
        "budget",
        1,
        tokens -> policy.budget(tokens, RetryPolicy.ofDefaults().tokenRatio()));
    return policy.build();
  }

  private static void count(Section section, String key, int min, Consumer<Integer> setter) {
    section.find(key).ifPresent(n -> setter.accept(n.integer(min, MAX_COUNT)));
  }
}
