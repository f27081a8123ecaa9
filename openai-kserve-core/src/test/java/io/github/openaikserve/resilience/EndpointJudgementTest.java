package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.CauseAwareSubscription;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.testing.ScriptedResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the end of a call says about its endpoint, whose circuit breaker opens with five faults. */
final class EndpointJudgementTest {
  private final SimulatedCluster cluster = new SimulatedCluster(1);
  private final SimulatedServer server = cluster.server(0);
  private final BalancedBackend backend = cluster.builder().retries(RetryPolicy.of(1)).build();

  private static DialectException wrongTensors() {
    return new DialectException("no such tensor");
  }

  private EndpointStatus status() {
    return backend.endpoints().get(0);
  }

  private void fiveTimes(Consumer<Probe> end) {
    for (int i = 0; i < 5; i++) {
      end.accept(Probe.call(backend, Probe.callOf("model", "prompt " + i)));
    }
  }

  private void failsWith(BackendException failure) {
    server.answers(call -> ScriptedResponse.of(List.of()).thenFails(failure));
  }

  @ParameterizedTest
  @EnumSource(names = {"UNKNOWN", "INTERNAL", "DATA_LOSS", "CANCELLED"})
  void brokenProtocolsAreFaults(BackendCode code) {
    failsWith(new BackendException(code, "cannot be parsed"));

    fiveTimes(call -> {});

    assertThat(status().circuit()).isEqualTo(CircuitState.OPEN);
  }

  @ParameterizedTest
  @EnumSource(names = {"UNKNOWN", "INTERNAL", "DATA_LOSS", "CANCELLED", "UNAVAILABLE"})
  void aBrokenProtocolAfterAResponseIsAFaultToo(BackendCode code) {
    server.answers(
        call ->
            ScriptedResponse.of(List.of(Probe.RESPONSE))
                .thenFails(new BackendException(code, "connection lost")));

    fiveTimes(call -> {});

    assertThat(cluster.events.with("circuit gpu-0 open")).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = "CANCELLED", mode = EnumSource.Mode.EXCLUDE)
  void errorsReportedByTheServerNeverOpenTheCircuitBreaker(BackendCode code) {
    failsWith(BackendException.fromServer(code, "prompt is too long"));

    for (int i = 0; i < 20; i++) {
      fiveTimes(call -> {});
    }

    assertThat(status().available()).isTrue();
    assertThat(cluster.events.with("circuit")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED", "REQUEST_TOO_LARGE",
        "RESPONSE_TOO_LARGE", "OUT_OF_RANGE", "UNIMPLEMENTED", "UNAUTHENTICATED"
      })
  void failuresCausedByARequestAreNotServerFaults(BackendCode code) {
    failsWith(new BackendException(code, "seen by the transport"));

    fiveTimes(call -> {});

    assertThat(status().available()).isTrue();
  }

  @Test
  void aCallThatTheServerCancelsIsAFaultUnlessItsTimeWasOver() {
    server
        .inSimulatedTime(cluster.time)
        .answers(
            call ->
                ScriptedResponse.of(List.of())
                    .thenFails(BackendException.fromServer(BackendCode.CANCELLED, "deadline"))
                    .every(Duration.ofSeconds(1)));
    for (int i = 0; i < 20; i++) {
      Probe.call(backend, Duration.ofSeconds(1));
    }
    cluster.time.advance(Duration.ofSeconds(1));
    assertThat(status().circuit()).isEqualTo(CircuitState.CLOSED);

    for (int i = 0; i < 5; i++) {
      Probe.call(backend, Duration.ofSeconds(2));
    }
    cluster.time.advance(Duration.ofSeconds(1));

    assertThat(status().circuit()).isEqualTo(CircuitState.OPEN);
  }

  static Stream<Arguments> reasons() {
    return Stream.of(
        Arguments.of(wrongTensors()),
        Arguments.of(new BackendException(BackendCode.DEADLINE_EXCEEDED, "It stopped sending.")));
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void aCallThatIsCancelledBecauseOfTheServerIsAFault(OpenAiException reason) {
    server.answers(call -> SimulatedAnswers.firstTokenThenSilence());

    fiveTimes(call -> CauseAwareSubscription.cancel(call.subscription(), reason));

    assertThat(status().circuit()).isEqualTo(CircuitState.OPEN);
    assertThat(status().inFlight()).isZero();
    assertThat(server.cancellations()).isEqualTo(5);
  }

  @Test
  void aResponseThatCannotBeDecodedIsAFaultAlsoWhenTheCallHasEnded() {
    for (int i = 0; i < 4; i++) {
      fiveTimes(call -> CauseAwareSubscription.cancel(call.subscription(), wrongTensors()));
    }

    assertThat(cluster.events.with("circuit gpu-0 open")).isNotEmpty();
    assertThat(status().inFlight()).isZero();
  }

  @Test
  void theSameHoldsBehindALimit() {
    LimitedBackend limited = LimitedBackend.around(backend, ConcurrencyLimit.of(2));
    for (int i = 0; i < 20; i++) {
      Probe call = Probe.call(limited);
      assertThat(call.isCompleted()).isTrue();
      CauseAwareSubscription.cancel(call.subscription(), wrongTensors());
    }

    assertThat(cluster.events.with("circuit gpu-0 open")).isNotEmpty();
  }

  @Test
  void aCallThatWasCancelledBeforeIsJudgedNoMore() {
    server.answers(call -> SimulatedAnswers.firstTokenThenSilence());

    fiveTimes(
        call -> {
          call.cancel();
          CauseAwareSubscription.cancel(call.subscription(), wrongTensors());
        });

    assertThat(status().circuit()).isEqualTo(CircuitState.CLOSED);
  }

  @Test
  void anEmptyAnswerThatCannotBeDecodedIsARefusal() {
    server.answers(call -> ScriptedResponse.of(List.of(InferResponse.of())).thenHangs());

    fiveTimes(call -> CauseAwareSubscription.cancel(call.subscription(), wrongTensors()));

    assertThat(status().circuit()).isEqualTo(CircuitState.CLOSED);
  }

  @ParameterizedTest
  @EnumSource(names = {"UP", "SILENT"})
  void callersWhoLeaveSayNothing(SimulatedServer.State state) {
    server.answers(call -> SimulatedAnswers.firstTokenThenSilence());
    backend.ready();
    server.is(state);

    fiveTimes(Probe::cancel);

    assertThat(status())
        .returns(CircuitState.CLOSED, EndpointStatus::circuit)
        .returns(true, EndpointStatus::available)
        .returns(0, EndpointStatus::inFlight);
  }

  @Test
  void healthChecksThatTimeOutDoNotCountWhileCallsMakeProgress() {
    server
        .inSimulatedTime(cluster.time)
        .answers(
            call ->
                ScriptedResponse.of(Collections.nCopies(300, Probe.RESPONSE))
                    .every(Duration.ofMillis(500)));
    Probe stream = Probe.call(backend);
    server.is(SimulatedServer.State.SILENT);

    cluster.time.advance(Duration.ofSeconds(140));
    assertThat(status().available()).isTrue();
    assertThat(server.healthChecks()).isGreaterThan(20);

    cluster.time.advance(Duration.ofSeconds(30));
    assertThat(stream.isCompleted()).isTrue();
    assertThat(status())
        .returns(false, EndpointStatus::available)
        .returns("no answer to a health check within PT2S", EndpointStatus::reason);
  }

  @Test
  void oneHealthCheckThatTimesOutIsNotEnough() {
    backend.ready();
    server.is(SimulatedServer.State.SILENT);
    cluster.time.advance(Duration.ofMillis(8900));
    assertThat(status().available()).as("one").isTrue();

    cluster.time.advance(Duration.ofSeconds(2));
    assertThat(status().available()).as("two").isFalse();
  }
}
