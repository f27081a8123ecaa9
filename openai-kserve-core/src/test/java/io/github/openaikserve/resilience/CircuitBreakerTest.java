package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.testing.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The states of a circuit breaker, in simulated time. */
final class CircuitBreakerTest {
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final CircuitState CLOSED = CircuitState.CLOSED;

  private final ManualScheduler time = new ManualScheduler();
  private final List<String> transitions = new ArrayList<>();
  private final CircuitBreaker breaker = breaker(policy -> policy);

  private CircuitBreaker breaker(UnaryOperator<CircuitBreakerPolicy.Builder> settings) {
    return new CircuitBreaker(
        settings.apply(CircuitBreakerPolicy.builder()).build(),
        time,
        (from, to, reason) -> transitions.add(from.value() + " > " + to.value() + ": " + reason));
  }

  private static void fail(CircuitBreaker breaker, int times) {
    for (int i = 0; i < times; i++) {
      breaker.onFailure(false, "broken");
    }
  }

  @Test
  void consecutiveFailuresOpenIt() {
    fail(breaker, 4);
    assertThat(breaker.state()).isEqualTo(CLOSED);

    fail(breaker, 1);

    assertThat(breaker.state()).isEqualTo(CircuitState.OPEN);
    assertThat(transitions)
        .containsExactly("closed > open: 5 consecutive failures, the last: broken");
  }

  @Test
  void aSuccessOrAnAnswerInBetweenInterruptsConsecutiveFailures() {
    fail(breaker, 4);
    breaker.onSuccess();
    fail(breaker, 4);
    breaker.onAnswer();
    fail(breaker, 4);

    assertThat(breaker.state()).isEqualTo(CLOSED);
    assertThat(transitions).isEmpty();
  }

  @Test
  void halfOfTheCallsInAFullWindowOpenIt() {
    CircuitBreaker rate = breaker(policy -> policy.slidingWindow(10));
    for (int i = 0; i < 4; i++) {
      rate.onSuccess();
      fail(rate, 1);
    }
    rate.onSuccess();
    assertThat(rate.state()).as("nine calls are no full window").isEqualTo(CLOSED);

    fail(rate, 1);

    assertThat(rate.state()).isEqualTo(CircuitState.OPEN);
    assertThat(transitions)
        .containsExactly("closed > open: failure rate of recent calls, the last: broken");
  }

  @Test
  void callsThatAreTooOldAreNotInTheWindow() {
    CircuitBreaker rate =
        breaker(policy -> policy.slidingWindow(4).slidingWindowTime(Duration.ofSeconds(30)));
    fail(rate, 1);
    rate.onSuccess();
    time.advance(Duration.ofSeconds(31));
    fail(rate, 1);
    rate.onSuccess();
    fail(rate, 1);
    assertThat(rate.state()).as("the oldest of the last four is too old").isEqualTo(CLOSED);

    fail(rate, 1);

    assertThat(rate.state()).isEqualTo(CircuitState.OPEN);
  }

  @Test
  void aWindowThatMovesOnForgetsItsOldestCall() {
    CircuitBreaker rate = breaker(policy -> policy.slidingWindow(4).failureRate(0.75));
    fail(rate, 2);
    rate.onSuccess();
    rate.onSuccess();
    fail(rate, 2);

    assertThat(rate.state()).as("two of the last four calls failed").isEqualTo(CLOSED);
  }

  @Test
  void failuresWhileItIsOpenCountForNothing() {
    fail(breaker, 5);
    time.advance(Duration.ofSeconds(9));
    fail(breaker, 100);
    time.advance(Duration.ofSeconds(1));

    assertThat(breaker.state()).isEqualTo(CircuitState.HALF_OPEN);
    fail(breaker, 100);
    assertThat(breaker.state()).isEqualTo(CircuitState.HALF_OPEN);
  }

  @Test
  void afterTheWaitTheNextHealthCheckCloses() {
    fail(breaker, 5);
    breaker.onHealthy();
    assertThat(breaker.state()).as("it was healthy all the time").isEqualTo(CircuitState.OPEN);

    time.advance(WAIT);
    breaker.onHealthy();

    assertThat(breaker.state()).isEqualTo(CLOSED);
    assertThat(transitions)
        .containsExactly(
            "closed > open: 5 consecutive failures, the last: broken",
            "open > half_open: waited PT10S",
            "half_open > closed: a health check succeeded");
  }

  @Test
  void aHealthCheckThatFailsAfterTheWaitOpensItAgain() {
    fail(breaker, 5);
    time.advance(WAIT);

    breaker.onUnhealthy("connection refused");

    assertThat(breaker.state()).isEqualTo(CircuitState.OPEN);
    assertThat(transitions)
        .endsWith(
            "open > half_open: waited PT10S",
            "half_open > open: health check failed: connection refused");
  }

  @Test
  void anEndpointThatWasUnreachableClosesItWithItsFirstHealthCheck() {
    for (int i = 0; i < 5; i++) {
      breaker.onFailure(true, "connection refused");
    }

    breaker.onHealthy();

    assertThat(breaker.state()).isEqualTo(CLOSED);
  }

  @Test
  void anEndpointWhoseHealthChecksFailedMeanwhileClosesItWithTheFirstThatSucceeds() {
    fail(breaker, 5);
    breaker.onUnhealthy("connection refused");

    breaker.onHealthy();

    assertThat(breaker.state()).isEqualTo(CLOSED);
  }

  @Test
  void theWaitDoublesUpToItsLongestUntilACallSucceeds() {
    CircuitBreaker patient = breaker(p -> p.maxWaitInOpenState(Duration.ofSeconds(35)));
    assertThat(waits(patient, 4)).containsExactly(10L, 20L, 35L, 35L);

    fail(patient, 5);
    patient.onSuccess();

    assertThat(waits(patient, 2)).containsExactly(10L, 20L);
  }

  @Test
  void theLongestWaitIsKeptToItsEndAndNeverDoubles() {
    Duration year = Duration.ofDays(365);
    CircuitBreaker patient = breaker(policy -> policy.waitInOpenState(year));
    for (int i = 0; i < 3; i++) {
      fail(patient, 5);
      time.advance(year.minusNanos(1));
      patient.onHealthy();
      assertThat(patient.state()).isEqualTo(CircuitState.OPEN);

      time.advance(Duration.ofNanos(1));
      assertThat(patient.state()).isEqualTo(CircuitState.HALF_OPEN);
      patient.onHealthy();
      assertThat(patient.state()).isEqualTo(CLOSED);
    }
  }

  /** Opens it again and again, with nothing but health checks in between. */
  private List<Long> waits(CircuitBreaker breaker, int times) {
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      fail(breaker, 5);
      long seconds = 0;
      while (breaker.state() == CircuitState.OPEN) {
        time.advance(Duration.ofSeconds(1));
        seconds++;
      }
      waits.add(seconds);
      breaker.onHealthy();
    }
    return waits;
  }

  @Test
  void anEndpointThatIsLostAgainAndAgainIsNotUsedAfterItsFirstHealthCheck() {
    for (int i = 0; i < 5; i++) {
      breaker.onFailure(true, "connection lost");
    }
    breaker.onHealthy();
    for (int i = 0; i < 5; i++) {
      breaker.onFailure(true, "connection lost");
    }

    breaker.onHealthy();

    assertThat(breaker.state()).as("no call has succeeded").isEqualTo(CircuitState.OPEN);
  }

  @Test
  void aCallThatSucceedsClosesItInAnyState() {
    fail(breaker, 5);
    breaker.onSuccess();
    assertThat(breaker.state()).isEqualTo(CLOSED);

    fail(breaker, 5);
    time.advance(WAIT);
    assertThat(breaker.state()).isEqualTo(CircuitState.HALF_OPEN);
    breaker.onSuccess();
    assertThat(breaker.state()).isEqualTo(CLOSED);

    breaker.onSuccess();
    assertThat(breaker.state()).isEqualTo(CLOSED);
    assertThat(transitions)
        .containsExactly(
            "closed > open: 5 consecutive failures, the last: broken",
            "open > closed: a call succeeded",
            "closed > open: 5 consecutive failures, the last: broken",
            "open > half_open: waited PT10S",
            "half_open > closed: a call succeeded");
  }

  @Test
  void aCallThatItsCallerEndedClosesNothing() {
    fail(breaker, 5);

    breaker.onAnswer();

    assertThat(breaker.state()).isEqualTo(CircuitState.OPEN);
    time.advance(WAIT);
    assertThat(breaker.state()).isEqualTo(CircuitState.HALF_OPEN);
    breaker.onAnswer();
    assertThat(breaker.state()).isEqualTo(CircuitState.HALF_OPEN);
  }

  @Test
  void oldFailuresCountForNothingOnceItHasClosed() {
    CircuitBreaker small = breaker(policy -> policy.slidingWindow(6));
    fail(small, 5);
    small.onSuccess();

    fail(small, 4);

    assertThat(small.state()).isEqualTo(CLOSED);
  }

  @Test
  void transitionsThatAListenerCausesAreReportedAfterTheOneItReceives() {
    List<CircuitState> seen = new ArrayList<>();
    var reentrant = new CircuitBreaker[1];
    reentrant[0] =
        new CircuitBreaker(
            CircuitBreakerPolicy.builder().consecutiveFailures(1).build(),
            time,
            (from, to, reason) -> {
              if (to == CircuitState.OPEN) {
                reentrant[0].onSuccess();
              }
              seen.add(to);
            });

    fail(reentrant[0], 1);

    assertThat(seen).containsExactly(CircuitState.OPEN, CLOSED);
  }

  @Test
  void noListenerIsCalledUnderTheLock() {
    List<Boolean> locked = new ArrayList<>();
    var own = new CircuitBreaker[1];
    own[0] =
        new CircuitBreaker(
            CircuitBreakerPolicy.ofDefaults(),
            time,
            (from, to, reason) -> locked.add(Thread.holdsLock(own[0])));

    fail(own[0], 5);
    time.advance(WAIT);
    own[0].onUnhealthy("refused");
    own[0].onHealthy();

    assertThat(locked).hasSize(4).containsOnly(false);
  }
}
