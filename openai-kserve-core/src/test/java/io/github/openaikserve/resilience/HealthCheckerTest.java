package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** When an endpoint is checked, and what its answers mean, in simulated time. */
final class HealthCheckerTest {
  private static final Duration TICK = Duration.ofMillis(1);

  private final ManualScheduler time = new ManualScheduler();
  private final Server server = new Server();
  private final List<HealthCheck.Result> results = new ArrayList<>();
  private double random = 0.5;
  private final HealthChecker checker = checker(time, () -> random);

  /** A server whose answers are given by hand. */
  private static final class Server implements InferenceBackend {
    final List<CompletableFuture<Optional<Boolean>>> asked = new ArrayList<>();
    private Throwable thrown = new IllegalStateException();
    private boolean throwing;

    @Override
    public Flow.Publisher<InferResponse> infer(InferCall call) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Optional<Boolean>> ready() {
      var answer = new CompletableFuture<Optional<Boolean>>();
      asked.add(answer);
      if (throwing && thrown instanceof Error e) {
        throw e;
      } else if (throwing && thrown instanceof RuntimeException e) {
        throw e;
      }
      return answer;
    }

    void throwing(Throwable failure) {
      throwing = true;
      thrown = failure;
    }

    CompletableFuture<Optional<Boolean>> last() {
      return asked.get(asked.size() - 1);
    }
  }

  private HealthChecker checker(Scheduler scheduler, DoubleSupplier numbers) {
    return new HealthChecker(
        server,
        HealthCheckPolicy.ofDefaults(),
        scheduler,
        numbers,
        check -> results.add(check.result()));
  }

  private void answer(boolean ready) {
    server.last().complete(Optional.of(ready));
  }

  /**
   * Lets time pass until the server is asked again, and returns how many milliseconds that took.
   */
  private long untilNextCheck() {
    int before = server.asked.size();
    long millis = 0;
    while (server.asked.size() == before) {
      time.advance(TICK);
      millis++;
    }
    return millis;
  }

  @ParameterizedTest
  @CsvSource({
    "0.0, true, 4000", "0.5, true, 5000", "0.999, true, 5998",
    "0.0, false, 800", "0.5, false, 1000", "0.999, false, 1000"
  })
  void theNextCheckComesAfterTheIntervalAFifthMoreOrLessButNeverLateWhileUnhealthy(
      double number, boolean ready, long millis) {
    random = number;
    checker.check();
    answer(ready);

    assertThat(untilNextCheck()).isBetween(millis, millis + 1);
    answer(ready);
    assertThat(untilNextCheck()).isBetween(millis, millis + 1);
  }

  @Test
  void aCheckThatIsNotAnsweredTimesOutAndIsFollowedByAnotherSoon() {
    CompletableFuture<HealthCheck> check = checker.check();
    time.advance(Duration.ofMillis(1999));
    assertThat(check).isNotDone();

    time.advance(TICK);

    assertThat(check.join())
        .isEqualTo(
            new HealthCheck(
                HealthCheck.Result.TIMED_OUT, "no answer to a health check within PT2S"));
    assertThat(results).containsExactly(HealthCheck.Result.TIMED_OUT);
    assertThat(untilNextCheck()).isEqualTo(1000);
  }

  @Test
  void aLateAnswerIsASignOfLife() {
    checker.check();
    time.advance(Duration.ofSeconds(2));

    answer(true);

    assertThat(results).containsExactly(HealthCheck.Result.TIMED_OUT, HealthCheck.Result.HEALTHY);
  }

  @Test
  void aLateAnswerSaysNothingOnceANewerCheckHasEnded() {
    checker.check();
    time.advance(Duration.ofSeconds(3));
    server.last().completeExceptionally(SimulatedServer.refused());

    server.asked.get(0).complete(Optional.of(true));

    assertThat(results)
        .containsExactly(HealthCheck.Result.TIMED_OUT, HealthCheck.Result.UNREACHABLE);
  }

  @Test
  void aLateAnswerThatTheServerIsNotReadyIsNoSignOfLife() {
    checker.check();
    time.advance(Duration.ofSeconds(2));

    answer(false);

    assertThat(results).containsExactly(HealthCheck.Result.TIMED_OUT);
  }

  @Test
  void oneCheckRunsAtATime() {
    CompletableFuture<HealthCheck> first = checker.check();
    checker.checkSoon();
    CompletableFuture<HealthCheck> second = checker.check();

    assertThat(server.asked).hasSize(1);
    answer(true);
    assertThat(List.of(first.join(), second.join())).containsOnly(HealthCheck.HEALTHY);
    assertThat(results).hasSize(1);
  }

  @Test
  void aResultAnswersForTwoHundredMilliseconds() {
    checker.check();
    answer(false);
    time.advance(Duration.ofMillis(199));
    assertThat(checker.check().join().result()).isEqualTo(HealthCheck.Result.NOT_READY);
    assertThat(server.asked).hasSize(1);

    time.advance(TICK);

    assertThat(checker.check()).isNotDone();
    assertThat(server.asked).hasSize(2);
  }

  @Test
  void anEndpointInDoubtIsCheckedAtOnceOrTwoHundredMillisecondsAfterItsLastCheck() {
    checker.check();
    answer(true);
    time.advance(Duration.ofMillis(150));

    checker.checkSoon();
    checker.checkSoon();

    assertThat(untilNextCheck()).isEqualTo(50);
    answer(true);
    time.advance(Duration.ofSeconds(1));
    checker.checkSoon();
    assertThat(server.asked).hasSize(3);
  }

  @Test
  void anEndpointThatIsInDoubtWhileItsResultIsReportedIsCheckedAgainSoon() {
    var own = new HealthChecker[1];
    own[0] =
        new HealthChecker(
            server,
            HealthCheckPolicy.ofDefaults(),
            time,
            () -> random,
            check -> own[0].checkSoon());
    own[0].check();
    answer(true);

    assertThat(untilNextCheck()).isEqualTo(200);
  }

  @Test
  void aListenerMayAskForACheckAndMayThrow() {
    List<HealthCheck> received = new ArrayList<>();
    var own = new HealthChecker[1];
    own[0] =
        new HealthChecker(
            server,
            HealthCheckPolicy.ofDefaults(),
            time,
            () -> random,
            check -> {
              received.add(check);
              own[0].check();
              assertThat(Thread.holdsLock(own[0])).isFalse();
              throw new IllegalStateException("from a listener");
            });
    CompletableFuture<HealthCheck> check = own[0].check();
    answer(true);

    assertThat(check).isCompletedWithValue(HealthCheck.HEALTHY);
    assertThat(received).containsExactly(HealthCheck.HEALTHY);
    assertThat(untilNextCheck()).isEqualTo(5000);
  }

  @ParameterizedTest
  @CsvSource({
    "true, UNAVAILABLE, NOT_READY",
    "true, INTERNAL, NOT_READY",
    "true, UNIMPLEMENTED, HEALTHY",
    "false, UNAVAILABLE, UNREACHABLE",
    "false, INTERNAL, UNREACHABLE",
    "false, DEADLINE_EXCEEDED, TIMED_OUT",
    "true, DEADLINE_EXCEEDED, TIMED_OUT"
  })
  void failuresMeanDifferentThings(boolean byServer, BackendCode code, HealthCheck.Result result) {
    CompletableFuture<HealthCheck> check = checker.check();
    server
        .last()
        .completeExceptionally(
            byServer
                ? BackendException.fromServer(code, "secret words")
                : new BackendException(code, "a failure"));

    assertThat(check.join().result()).isEqualTo(result);
    assertThat(check.join().reason()).doesNotContain("secret");
  }

  @Test
  void aServerWithoutHealthChecksIsHealthy() {
    CompletableFuture<HealthCheck> check = checker.check();
    server.last().complete(Optional.empty());

    assertThat(check.join()).isEqualTo(HealthCheck.HEALTHY);
  }

  @Test
  void aBackendThatThrowsIsUnreachableAndCheckedAgain() {
    for (Throwable thrown :
        List.of(new IllegalStateException("gpu-1.internal"), new LinkageError("a class"))) {
      server.throwing(thrown);

      HealthCheck check = checker.check().join();

      assertThat(check)
          .isEqualTo(new HealthCheck(HealthCheck.Result.UNREACHABLE, thrown.getClass().getName()));
      assertThat(untilNextCheck()).isEqualTo(1000);
      time.advance(Duration.ofMillis(200));
    }
  }

  @Test
  void aBackendThatAnswersNullIsUnreachable() {
    var broken =
        new HealthChecker(
            new NullBackend(),
            HealthCheckPolicy.ofDefaults(),
            time,
            () -> random,
            check -> results.add(check.result()));

    assertThat(broken.check()).isDone();
    assertThat(results).containsExactly(HealthCheck.Result.UNREACHABLE);
  }

  @SuppressWarnings("NullAway")
  private static final class NullBackend implements InferenceBackend {
    @Override
    public Flow.Publisher<InferResponse> infer(InferCall call) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Optional<Boolean>> ready() {
      return null;
    }
  }

  @Test
  void aSchedulerThatThrowsDoesNotStopTheCheckThatIsAskedFor() {
    HealthChecker unscheduled =
        checker(
            new Scheduler() {
              @Override
              public long nanoTime() {
                return time.nanoTime();
              }

              @Override
              public Runnable schedule(Duration delay, Runnable task) {
                throw new IllegalStateException("the scheduler was shut down");
              }
            },
            () -> random);

    CompletableFuture<HealthCheck> check = unscheduled.check();
    answer(true);

    assertThat(check).isCompletedWithValue(HealthCheck.HEALTHY);
    time.advance(Duration.ofSeconds(1));
    assertThat(unscheduled.check()).isNotDone();
    assertThat(server.asked).hasSize(2);
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
      answer(true);
    }
    int asked = server.asked.size();
    int reported = results.size();

    checker.close();
    checker.close();

    assertThat(time.waiting()).isZero();
    assertThat(checks).allMatch(CompletableFuture::isDone);
    checker.checkSoon();
    assertThat(checker.check()).isCompletedWithValue(HealthCheck.CLOSED);
    server.asked.forEach(answer -> answer.complete(Optional.of(true)));
    time.advance(Duration.ofMinutes(1));
    assertThat(server.asked).hasSize(asked);
    assertThat(results).hasSize(reported);
    assertThat(time.waiting()).isZero();
  }
}
