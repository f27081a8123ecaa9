package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.internal.resilience.HealthCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** When an endpoint is checked, in simulated time. */
final class HealthCheckerTest {
  private final CheckedServer server = new CheckedServer();
  private final HealthChecker checker = server.checker();

  @ParameterizedTest
  @CsvSource({
    "0.0, true, 4000", "0.5, true, 5000", "0.999, true, 5998",
    "0.0, false, 800", "0.5, false, 1000", "0.999, false, 1000"
  })
  void theNextCheckComesAfterTheIntervalAFifthMoreOrLessButNeverLateWhileUnhealthy(
      double number, boolean ready, long millis) {
    server.random = number;
    checker.check();
    server.answer(ready);

    assertThat(server.untilNextCheck()).isBetween(millis, millis + 1);
    server.answer(ready);
    assertThat(server.untilNextCheck()).isBetween(millis, millis + 1);
  }

  @Test
  void aCheckThatIsNotAnsweredTimesOutAndIsFollowedByAnotherSoon() {
    CompletableFuture<HealthCheck> check = checker.check();
    server.time.advance(Duration.ofMillis(1999));
    assertThat(check).isNotDone();

    server.time.advance(Duration.ofMillis(1));

    assertThat(check.join())
        .isEqualTo(
            new HealthCheck(
                HealthCheck.Result.TIMED_OUT, "no answer to a health check within PT2S"));
    assertThat(server.results).containsExactly(HealthCheck.Result.TIMED_OUT);
    assertThat(server.untilNextCheck()).isEqualTo(1000);
  }

  @Test
  void oneCheckRunsAtATime() {
    CompletableFuture<HealthCheck> first = checker.check();
    checker.checkSoon();
    CompletableFuture<HealthCheck> second = checker.check();

    assertThat(server.asked).hasSize(1);
    server.answer(true);
    assertThat(List.of(first.join(), second.join())).containsOnly(HealthCheck.HEALTHY);
    assertThat(server.results).hasSize(1);
  }

  @Test
  void aResultAnswersForTwoHundredMilliseconds() {
    checker.check();
    server.answer(false);
    server.time.advance(Duration.ofMillis(199));
    assertThat(checker.check().join().result()).isEqualTo(HealthCheck.Result.NOT_READY);
    assertThat(server.asked).hasSize(1);

    server.time.advance(Duration.ofMillis(1));

    assertThat(checker.check()).isNotDone();
    assertThat(server.asked).hasSize(2);
  }

  @Test
  void anEndpointInDoubtIsCheckedAtOnceOrTwoHundredMillisecondsAfterItsLastCheck() {
    checker.check();
    server.answer(true);
    server.time.advance(Duration.ofMillis(150));

    checker.checkSoon();
    checker.checkSoon();

    assertThat(server.untilNextCheck()).isEqualTo(50);
    server.answer(true);
    server.time.advance(Duration.ofSeconds(1));
    checker.checkSoon();
    assertThat(server.asked).hasSize(3);
  }

  @Test
  void anEndpointThatIsInDoubtWhileItsResultIsReportedIsCheckedAgainSoon() {
    var own = new HealthChecker[1];
    own[0] = server.checker(server.time, check -> own[0].checkSoon());
    own[0].check();
    server.answer(true);

    assertThat(server.untilNextCheck()).isEqualTo(200);
  }

  @Test
  void aListenerMayAskForACheckAndMayThrow() {
    List<HealthCheck> received = new ArrayList<>();
    var own = new HealthChecker[1];
    own[0] =
        server.checker(
            server.time,
            check -> {
              received.add(check);
              own[0].check();
              assertThat(Thread.holdsLock(own[0])).isFalse();
              throw new IllegalStateException("from a listener");
            });
    CompletableFuture<HealthCheck> check = own[0].check();
    server.answer(true);

    assertThat(check).isCompletedWithValue(HealthCheck.HEALTHY);
    assertThat(received).containsExactly(HealthCheck.HEALTHY);
    assertThat(server.untilNextCheck()).isEqualTo(5000);
  }

  /** When a checker is closed. */
  enum Moment {
    BEFORE_THE_FIRST_CHECK,
    DURING_A_CHECK,
    BETWEEN_CHECKS
  }

  @ParameterizedTest
  @EnumSource
  void afterItsCloseNothingHappens(Moment moment) {
    List<CompletableFuture<HealthCheck>> checks = new ArrayList<>();
    if (moment != Moment.BEFORE_THE_FIRST_CHECK) {
      checks.add(checker.check());
    }
    if (moment == Moment.BETWEEN_CHECKS) {
      server.answer(true);
    }
    int asked = server.asked.size();
    int reported = server.results.size();

    checker.close();
    checker.close();

    assertThat(server.time.waiting()).isZero();
    assertThat(checks).allMatch(CompletableFuture::isDone);
    checker.checkSoon();
    assertThat(checker.check()).isCompletedWithValue(HealthCheck.CLOSED);
    server.asked.forEach(answer -> answer.complete(Optional.of(true)));
    server.time.advance(Duration.ofMinutes(1));
    assertThat(server.asked).hasSize(asked);
    assertThat(server.results).hasSize(reported);
    assertThat(server.time.waiting()).isZero();
  }
}
