package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.internal.resilience.HealthCheck;
import io.github.openaikserve.kserve.InferResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the answers to health checks mean, in simulated time. */
final class HealthCheckResultsTest {
  private final CheckedServer server = new CheckedServer();
  private final HealthChecker checker = server.checker();

  @Test
  void readinessWaitsForTheFirstAnswersAndOneThatIsReadyIsEnough() {
    var other = new CheckedServer();
    var backend =
        BalancedBackend.builder(
                EndpointSource.of("gpu-1", "gpu-2"),
                endpoint -> endpoint.address().equals("gpu-1") ? server : other)
            .scheduler(server.time)
            .build();
    var ready = backend.ready().toCompletableFuture();
    assertThat(ready).isNotDone();

    server.answer(false);
    other.answer(true);

    assertThat(ready).isCompletedWithValue(Optional.of(true));
  }

  @Test
  void theOnlyEndpointThatIsReadyMakesTheBackendReady() {
    var backend =
        BalancedBackend.builder(EndpointSource.of("gpu-1"), endpoint -> server)
            .scheduler(server.time)
            .build();
    var ready = backend.ready().toCompletableFuture();

    server.answer(true);

    assertThat(ready).isCompletedWithValue(Optional.of(true));
  }

  @Test
  void aLateAnswerCountsAsAlive() {
    checker.check();
    server.time.advance(Duration.ofSeconds(2));

    server.answer(true);

    assertThat(server.results)
        .containsExactly(HealthCheck.Result.TIMED_OUT, HealthCheck.Result.HEALTHY);
    assertThat(checker.check())
        .as("answers the next question")
        .isCompletedWithValue(HealthCheck.HEALTHY);
    assertThat(server.asked).hasSize(1);
  }

  @Test
  void aLateAnswerIsIgnoredAfterANewerCheck() {
    checker.check();
    server.time.advance(Duration.ofSeconds(3));
    server.fail(SimulatedServer.refused());

    server.asked.get(0).complete(Optional.of(true));

    assertThat(server.results)
        .containsExactly(HealthCheck.Result.TIMED_OUT, HealthCheck.Result.UNREACHABLE);
  }

  @Test
  void aLateNotReadyAnswerDoesNotCountAsAlive() {
    checker.check();
    server.time.advance(Duration.ofSeconds(2));

    server.answer(false);

    assertThat(server.results).containsExactly(HealthCheck.Result.TIMED_OUT);
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
    server.fail(
        byServer
            ? BackendException.fromServer(code, "secret words")
            : new BackendException(code, "a failure"));

    assertThat(check.join().result()).isEqualTo(result);
    assertThat(check.join().reason()).doesNotContain("secret");
  }

  @Test
  void aServerWithoutHealthChecksIsHealthy() {
    CompletableFuture<HealthCheck> check = checker.check();
    server.asked.get(0).complete(Optional.empty());

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
      assertThat(server.untilNextCheck()).isEqualTo(1000);
      server.time.advance(Duration.ofMillis(200));
    }
  }

  @Test
  void aBackendThatAnswersNullIsUnreachable() {
    var broken =
        new HealthChecker(
            new NullBackend(),
            HealthCheckPolicy.ofDefaults(),
            server.time,
            () -> 0.5,
            check -> server.results.add(check.result()));

    assertThat(broken.check()).isDone();
    assertThat(server.results).containsExactly(HealthCheck.Result.UNREACHABLE);
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
    HealthChecker unscheduled = server.checker(new BrokenScheduler(server.time), check -> {});

    CompletableFuture<HealthCheck> check = unscheduled.check();
    server.answer(true);

    assertThat(check).isCompletedWithValue(HealthCheck.HEALTHY);
    server.time.advance(Duration.ofSeconds(1));
    assertThat(unscheduled.check()).isNotDone();
    assertThat(server.asked).hasSize(2);
  }
}
