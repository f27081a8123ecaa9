package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** When a call to a single server is made again, in simulated time. */
final class RetryBackendTest {
  private final RetriedServer server = new RetriedServer();
  private final RetryBackend backend = server.retrying();

  @Test
  void aCallThatFailedBeforeItsFirstResponseIsMadeAgainAfterABackoff() {
    server.replies(RetriedServer.UNAVAILABLE, RetriedServer.UNAVAILABLE);
    Probe call = Probe.call(backend);
    assertThat(server.calls()).isEqualTo(1);
    server.advance(Duration.ofMillis(24));
    assertThat(server.calls()).isEqualTo(1);
    server.advance(Duration.ofMillis(26));
    assertThat(server.calls()).as("after 25 to 50 ms").isEqualTo(2);
    server.advance(Duration.ofMillis(100));

    assertThat(server.calls()).as("after 50 to 100 ms more").isEqualTo(3);
    assertThat(call.isCompleted()).isTrue();
    assertThat(call.items()).hasSize(2);
    assertThat(server.time.waiting()).isZero();
  }

  @Test
  void afterTheLastAttemptTheCallFailsWithItsFailureAndAPause() {
    server.replies(RetriedServer.UNAVAILABLE, RetriedServer.UNAVAILABLE, RetriedServer.UNAVAILABLE);
    Probe call = Probe.call(backend);

    server.advance(Duration.ofSeconds(5));

    assertThat(server.calls()).isEqualTo(3);
    assertThat(RetriedServer.failure(call))
        .hasMessage("The model server could not be reached: connection refused.")
        .returns(Duration.ofSeconds(1), BackendException::retryAfter);
  }

  @Test
  void afterAResponseNothingIsMadeAgain() {
    server.replies(
        ScriptedResponse.of(List.of(Probe.RESPONSE)).thenFails(SimulatedServer.refused()));

    Probe call = Probe.call(backend);
    server.advance(Duration.ofSeconds(5));

    assertThat(server.calls()).isEqualTo(1);
    assertThat(call.items()).hasSize(1);
    assertThat(RetriedServer.failure(call).retryAfter()).isNull();
  }

  @ParameterizedTest
  @EnumSource(
      names = {"UNAVAILABLE", "CANCELLED"},
      mode = EnumSource.Mode.EXCLUDE)
  void noOtherFailureIsMadeAgain(BackendCode code) {
    server.replies(RetriedServer.fails(new BackendException(code, "a failure")));
    Probe observed = Probe.call(backend);
    server.replies(RetriedServer.fails(BackendException.fromServer(code, "a failure")));
    Probe reported = Probe.call(backend);
    server.advance(Duration.ofSeconds(5));

    assertThat(server.calls()).isEqualTo(2);
    assertThat(List.of(RetriedServer.failure(observed), RetriedServer.failure(reported)))
        .extracting(BackendException::backendCode)
        .containsOnly(code);
  }

  @Test
  void aCallThatTheServerCancelledBeforeItsFirstResponseIsMadeAgain() {
    server.replies(
        RetriedServer.fails(new BackendException(BackendCode.CANCELLED, "it shuts down")));

    Probe call = Probe.call(backend);
    server.advance(Duration.ofSeconds(1));

    assertThat(call.isCompleted()).isTrue();
    assertThat(server.calls()).isEqualTo(2);
  }

  @Test
  void aCallThatIsNotRetryableIsMadeOnce() {
    server.replies(RetriedServer.UNAVAILABLE);

    Probe call = Probe.call(backend, Probe.CALL.nonRetryable());
    server.advance(Duration.ofSeconds(5));

    assertThat(server.calls()).isEqualTo(1);
    assertThat(call.failure()).isNotNull();
  }

  @Test
  void eachAttemptReceivesTheRemainingTimeout() {
    server.replies(
        RetriedServer.fails(SimulatedServer.refused().withRetryAfter(Duration.ofMillis(700))),
        RetriedServer.fails(SimulatedServer.refused().withRetryAfter(Duration.ofMillis(900))));

    Probe.call(backend, Duration.ofSeconds(5));
    server.advance(Duration.ofSeconds(2));

    assertThat(server.server.calls())
        .extracting(InferCall::timeout)
        .containsExactly(Duration.ofSeconds(5), Duration.ofMillis(4300), Duration.ofMillis(3400));
  }

  @Test
  void aCallWhoseTimeIsOverIsNotMadeAgain() {
    server.replies(RetriedServer.UNAVAILABLE);
    Probe call = Probe.call(backend, Duration.ofMillis(10));
    server.advance(Duration.ofSeconds(1));

    assertThat(server.calls()).isEqualTo(1);
    assertThat(RetriedServer.failure(call).backendCode()).isEqualTo(BackendCode.UNAVAILABLE);
  }

  @Test
  void aCallWhoseTimeEndsDuringTheBackoffFailsForThat() {
    RetryBackend slow = server.retrying(new LateScheduler(server.time));
    server.replies(RetriedServer.UNAVAILABLE);
    Probe call = Probe.call(slow, Duration.ofMillis(60));

    server.advance(Duration.ofSeconds(1));

    assertThat(server.calls()).isEqualTo(1);
    assertThat(RetriedServer.failure(call))
        .hasMessage("The model server did not answer in time.")
        .returns(BackendCode.DEADLINE_EXCEEDED, BackendException::backendCode);
  }

  /** A scheduler that is 100 ms late. */
  private record LateScheduler(Scheduler scheduler) implements Scheduler {
    @Override
    public long nanoTime() {
      return scheduler.nanoTime();
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
      return scheduler.schedule(delay.plusMillis(100), task);
    }
  }

  @Test
  void aShortPauseThatTheServerAsksForIsWaited() {
    server.replies(
        RetriedServer.fails(SimulatedServer.refused().withRetryAfter(Duration.ofSeconds(1))));
    Probe call = Probe.call(backend);

    server.advance(Duration.ofMillis(999));
    assertThat(call.isSilent()).isTrue();
    server.advance(Duration.ofMillis(1));

    assertThat(call.isCompleted()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"600000, ", "1001, ", "800, 700", "700, 700"})
  void aRetryDelayBeyondTheDeadlineFailsImmediately(long millis, @Nullable Long timeout) {
    Duration pause = Duration.ofMillis(millis);
    server.replies(RetriedServer.fails(SimulatedServer.refused().withRetryAfter(pause)));

    Probe call =
        Probe.call(
            backend, Probe.CALL.withTimeout(timeout == null ? null : Duration.ofMillis(timeout)));

    assertThat(RetriedServer.failure(call))
        .returns(pause, BackendException::retryAfter)
        .returns(503, BackendException::status);
    assertThat(server.time.waiting()).isZero();
  }

  @Test
  void theBudgetStopsRetriesUntilCallsSucceed() {
    RetryBackend poor = server.retrying(RetryPolicy.builder().budget(2, 0.5).build());
    int before = server.calls();
    for (int i = 0; i < 5; i++) {
      server.replies(
          RetriedServer.UNAVAILABLE, RetriedServer.UNAVAILABLE, RetriedServer.UNAVAILABLE);
      Probe.call(poor);
      server.advance(Duration.ofSeconds(1));
      server.replies();
    }
    assertThat(server.calls() - before).as("five calls and two retries").isEqualTo(7);

    Probe.call(poor);
    Probe.call(poor);
    server.replies(RetriedServer.UNAVAILABLE);
    Probe call = Probe.call(poor);
    server.advance(Duration.ofSeconds(1));

    assertThat(call.isCompleted()).isTrue();
  }

  @Test
  void failuresThatServersReportDoNotUseUpTheRetriesOfLostConnections() {
    RetryBackend poor = server.retrying(RetryPolicy.builder().budget(1, 0).build());
    ScriptedResponse reported =
        RetriedServer.fails(BackendException.fromServer(BackendCode.UNAVAILABLE, "loading"));
    server.replies(reported, reported, reported);
    Probe.call(poor);
    Probe.call(poor);
    server.advance(Duration.ofSeconds(1));
    server.replies();

    server.replies(RetriedServer.UNAVAILABLE);
    Probe call = Probe.call(poor);
    server.advance(Duration.ofSeconds(1));

    assertThat(call.isCompleted()).isTrue();
  }
}
