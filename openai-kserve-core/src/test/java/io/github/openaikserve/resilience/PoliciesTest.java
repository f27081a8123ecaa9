package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The ranges of settings. */
final class PoliciesTest {
  private static CircuitBreakerPolicy.Builder breaker() {
    return CircuitBreakerPolicy.builder();
  }

  private static HealthCheckPolicy.Builder checks() {
    return HealthCheckPolicy.builder();
  }

  private static RetryPolicy.Builder retries() {
    return RetryPolicy.builder();
  }

  private static Arguments of(String message, ThrowingCallable build) {
    return Arguments.of(message, build);
  }

  static Stream<Arguments> illegal() {
    return Stream.of(
        of(
            "consecutiveFailures must be at least 1, was 0",
            () -> breaker().consecutiveFailures(0).build()),
        of(
            "failureRate must be greater than 0 and at most 1, was 0.0",
            () -> breaker().failureRate(0).build()),
        of(
            "failureRate must be greater than 0 and at most 1, was 1.1",
            () -> breaker().failureRate(1.1).build()),
        of(
            "failureRate must be greater than 0 and at most 1, was NaN",
            () -> breaker().failureRate(Double.NaN).build()),
        of(
            "slidingWindow must be from 2 to 10000, was 1",
            () -> breaker().slidingWindow(1).build()),
        of(
            "slidingWindow must be from 2 to 10000, was 10001",
            () -> breaker().slidingWindow(10_001).build()),
        of("maxAttempts must be from 1 to 10, was 0", () -> RetryPolicy.of(0)),
        of("maxAttempts must be from 1 to 10, was 11", () -> RetryPolicy.of(11)),
        of(
            "maxBackoff must not be less than initialBackoff",
            () -> retries().maxBackoff(Duration.ofMillis(49)).build()),
        of(
            "maxTokens must be at least 1 and tokenRatio from 0 to 1, were 0 and 0.1",
            () -> retries().budget(0, 0.1).build()),
        of(
            "maxTokens must be at least 1 and tokenRatio from 0 to 1, were 1 and NaN",
            () -> retries().budget(1, Double.NaN).build()),
        of(
            "maxTokens must be at least 1 and tokenRatio from 0 to 1, were 1 and 1.5",
            () -> retries().budget(1, 1.5).build()));
  }

  @ParameterizedTest
  @MethodSource
  void illegal(String message, ThrowingCallable build) {
    assertThatThrownBy(build).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  static Stream<Arguments> durations() {
    return Stream.of(
            Duration.ZERO, Duration.ofNanos(-1), Duration.ofDays(366), Duration.ofSeconds(1L << 62))
        .flatMap(
            illegal ->
                Stream.of(
                    of("slidingWindowTime", () -> breaker().slidingWindowTime(illegal).build()),
                    of("waitInOpenState", () -> breaker().waitInOpenState(illegal).build()),
                    of("maxWaitInOpenState", () -> breaker().maxWaitInOpenState(illegal).build()),
                    of("interval", () -> checks().interval(illegal).build()),
                    of("unhealthyInterval", () -> checks().unhealthyInterval(illegal).build()),
                    of("timeout", () -> checks().timeout(illegal).build()),
                    of("initialBackoff", () -> retries().initialBackoff(illegal).build()),
                    of("maxBackoff", () -> retries().maxBackoff(illegal).build())));
  }

  @ParameterizedTest
  @MethodSource
  void durations(String name, ThrowingCallable build) {
    assertThatThrownBy(build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(name + " must be positive and at most 365 days, was ");
  }

  @Test
  void theEdgesAreLegal() {
    breaker().consecutiveFailures(1).failureRate(1).slidingWindow(2).build();
    breaker().slidingWindow(10_000).slidingWindowTime(Duration.ofDays(365)).build();
    checks().interval(Duration.ofDays(365)).timeout(Duration.ofNanos(1)).build();
    retries().maxAttempts(10).maxBackoff(Duration.ofMillis(50)).budget(1, 0).build();
    retries().budget(Integer.MAX_VALUE, 1).build();

    assertThat(RetryPolicy.of(1).maxAttempts()).isEqualTo(1);
  }

  @Test
  void theLongestWaitIsNeverShorterThanTheFirstAndABuilderCanBeUsedAgain() {
    CircuitBreakerPolicy.Builder builder = breaker().waitInOpenState(Duration.ofMinutes(5));
    CircuitBreakerPolicy longWait = builder.build();
    CircuitBreakerPolicy shortWait = builder.waitInOpenState(Duration.ofSeconds(1)).build();

    assertThat(List.of(longWait.maxWaitInOpenState(), shortWait.maxWaitInOpenState()))
        .containsExactly(Duration.ofMinutes(5), Duration.ofMinutes(2));
  }
}
