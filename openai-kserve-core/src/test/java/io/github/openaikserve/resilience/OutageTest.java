package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.testing.ScriptedResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Outages of model servers, in simulated time. */
final class OutageTest {
  private static final Duration STEP = Duration.ofMillis(100);

  private static final Duration YEAR = Duration.ofDays(365);
  private static final String FAULT_MESSAGE = "The connection was lost in a response.";

  /** A failure of the endpoint, whose health checks succeed. */
  private static final ScriptedResponse FAULT =
      ScriptedResponse.of(List.of())
          .thenFails(new BackendException(BackendCode.INTERNAL, FAULT_MESSAGE));

  private SimulatedCluster cluster = new SimulatedCluster(1);

  private BalancedBackend backend(int endpoints) {
    cluster = new SimulatedCluster(endpoints);
    return cluster.backend();
  }

  private void all(SimulatedServer.State state) {
    cluster.servers().forEach(server -> server.is(state));
  }

  private List<Probe> callFor(BalancedBackend backend, int seconds) {
    return cluster.callEvery(backend, STEP, Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource({"1,10", "1,60", "1,150", "1,400", "3,10", "3,60", "3,150", "3,400"})
  void theFirstCallAfterAnOutageSucceedsWithinTwoSecondsAndNoneIsRefusedAfterThat(
      int endpoints, int seconds) {
    BalancedBackend backend = backend(endpoints);
    assertThat(Probe.call(backend).isCompleted()).isTrue();
    all(SimulatedServer.State.DOWN);
    callFor(backend, seconds);

    all(SimulatedServer.State.UP);
    List<Probe> calls = callFor(backend, 10);

    int firstGood =
        IntStream.range(0, calls.size())
            .filter(i -> calls.get(i).isCompleted())
            .findFirst()
            .orElse(-1);
    assertThat(firstGood * STEP.toMillis()).isBetween(0L, 2000L);
    assertThat(calls.subList(firstGood, calls.size())).allMatch(call -> call.isCompleted());
  }

  @ParameterizedTest
  @CsvSource({"1,10", "1,400", "3,60"})
  void aBurstAfterAnOutageWithoutCallsIsServedWhole(int endpoints, int seconds) {
    BalancedBackend backend = backend(endpoints);
    all(SimulatedServer.State.DOWN);
    for (int i = 0; i < 6; i++) {
      Probe.call(backend);
      cluster.time.advance(STEP);
    }
    cluster.time.advance(Duration.ofSeconds(seconds));
    all(SimulatedServer.State.UP);
    cluster.time.advance(Duration.ofSeconds(2));

    assertThat(SimulatedCluster.calls(backend, 16)).allMatch(call -> call.isCompleted());
  }

  @Test
  void aCallerReceivesTheErrorOfTheConnectionWithinASecond() {
    BalancedBackend backend = backend(1);
    all(SimulatedServer.State.DOWN);
    callFor(backend, 5);

    Probe call = Probe.call(backend);
    cluster.time.advance(Duration.ofSeconds(1));

    assertThat(call.failure())
        .hasMessage("The model server could not be reached: connection refused.")
        .asInstanceOf(InstanceOfAssertFactories.type(BackendException.class))
        .returns(Duration.ofSeconds(1), BackendException::retryAfter);
  }

  /** Opens the circuit breaker of the first endpoint for the longest time. */
  private BalancedBackend openForAYear(int endpoints) {
    Duration day = Duration.ofDays(1);
    cluster = new SimulatedCluster(endpoints);
    BalancedBackend backend =
        cluster
            .builder()
            .circuitBreaker(CircuitBreakerPolicy.builder().waitInOpenState(YEAR).build())
            .healthCheck(HealthCheckPolicy.builder().interval(day).unhealthyInterval(day).build())
            .retries(RetryPolicy.of(1))
            .build();
    cluster.server(0).answers(call -> FAULT);
    SimulatedCluster.calls(backend, 5 * endpoints);
    assertThat(circuit(backend)).isEqualTo(CircuitState.OPEN);
    return backend;
  }

  private static CircuitState circuit(BalancedBackend backend) {
    return backend.endpoints().get(0).circuit();
  }

  @Test
  void anEndpointThatIsOpenForAYearIsNotCalledWhileAnotherAnswers() {
    BalancedBackend backend = openForAYear(2);
    int before = cluster.server(0).calls();

    for (int days = 1; days < YEAR.toDays(); days++) {
      cluster.time.advance(Duration.ofDays(1));
      assertThat(Probe.call(backend).isCompleted()).isTrue();
    }
    assertThat(cluster.server(0).calls()).isEqualTo(before);
    assertThat(circuit(backend)).isEqualTo(CircuitState.OPEN);
    cluster.time.advance(Duration.ofDays(1));

    assertThat(circuit(backend)).isNotEqualTo(CircuitState.OPEN);
  }

  @Test
  void theOnlyEndpointIsStillTriedWhileItsCircuitIsOpenForAYear() {
    BalancedBackend backend = openForAYear(1);

    for (SimulatedServer.State state :
        List.of(SimulatedServer.State.UP, SimulatedServer.State.DOWN)) {
      cluster.time.advance(Duration.ofDays(180));
      all(state);
      int before = cluster.server(0).calls();

      assertThat(Probe.call(backend).failure())
          .hasMessage(
              state == SimulatedServer.State.UP
                  ? FAULT_MESSAGE
                  : "The model server could not be reached: connection refused.");
      assertThat(cluster.server(0).calls()).isGreaterThan(before);
      assertThat(circuit(backend)).isEqualTo(CircuitState.OPEN);
    }
  }

  @Test
  void theErrorOfManyEndpointsSaysHowManyThereAre() {
    BalancedBackend backend = backend(3);
    all(SimulatedServer.State.DOWN);
    callFor(backend, 5);

    Probe call = Probe.call(backend);
    cluster.time.advance(Duration.ofSeconds(1));

    assertThat(call.failure())
        .hasMessage(
            "All 3 model servers are unavailable (last error: The model server could not be"
                + " reached: connection refused).");
  }

  @Test
  void noCallWaitsForMoreThanASecondWhenConnectionsAreNeitherAcceptedNorRefused() {
    BalancedBackend backend = backend(2);
    all(SimulatedServer.State.DOWN);
    callFor(backend, 3);
    all(SimulatedServer.State.SILENT);
    cluster.time.advance(Duration.ofMillis(500));

    Probe call = Probe.call(backend);
    cluster.time.advance(Duration.ofSeconds(1));

    assertThat(call.failure())
        .asInstanceOf(InstanceOfAssertFactories.type(BackendException.class))
        .returns(BackendCode.UNAVAILABLE, BackendException::backendCode);
  }

  @Test
  void aBoundedNumberOfCallsWaitsForAServerThatAnswersNothing() {
    BalancedBackend backend = backend(1);
    Probe.call(backend);
    all(SimulatedServer.State.SILENT);
    cluster.time.advance(Duration.ofSeconds(20));
    int before = cluster.server(0).calls();

    List<Probe> calls = SimulatedCluster.calls(backend, 1000);
    cluster.time.advance(Duration.ofSeconds(1));

    assertThat(cluster.server(0).calls() - before).isEqualTo(64);
    assertThat(calls).filteredOn(call -> call.failure() != null).hasSize(936);
  }

  @Test
  void aCallThatWaitedForAnUnresponsiveServerIsMadeAgainWhenItsConnectionIsReplaced() {
    BalancedBackend backend = backend(1);
    Probe.call(backend);
    all(SimulatedServer.State.SILENT);
    cluster.time.advance(Duration.ofSeconds(20));
    Probe call = Probe.call(backend);
    cluster.time.advance(Duration.ofSeconds(2));
    assertThat(call.isSilent()).as("sent, and not answered").isTrue();

    all(SimulatedServer.State.UP);
    cluster.time.advance(Duration.ofSeconds(3));
    cluster.server(0).loseConnections();
    cluster.time.advance(Duration.ofSeconds(1));

    assertThat(call.isCompleted()).isTrue();
  }

  @Test
  void callersWhoLeaveAnUnresponsiveServerDoNotMakeItAvailable() {
    BalancedBackend backend = backend(2);
    cluster.server(0).answers(call -> SimulatedAnswers.firstTokenThenSilence());
    cluster.server(1).answers(call -> SimulatedAnswers.firstTokenThenSilence());
    List<Probe> streams = SimulatedCluster.calls(backend, 20);
    cluster.server(0).is(SimulatedServer.State.SILENT);
    cluster.time.advance(Duration.ofSeconds(20));
    assertThat(backend.endpoints().get(0).available()).isFalse();

    streams.forEach(Probe::cancel);

    assertThat(backend.endpoints().get(0).available()).isFalse();
    assertThat(backend.endpoints()).extracting(EndpointStatus::inFlight).containsExactly(0, 0);
  }

  @Test
  void oneOfThreeEndpointsThatDiesFailsOnlyTheCallsThatItWasAnswering() {
    BalancedBackend backend = backend(3);
    cluster.servers().forEach(s -> s.answers(call -> SimulatedAnswers.firstTokenThenSilence()));
    List<Probe> streams = SimulatedCluster.calls(backend, 200);
    assertThat(streams).allMatch(call -> call.items().size() == 1);

    int lost = cluster.server(0).kill();
    cluster.server(1).answers(call -> SimulatedAnswers.whole());
    cluster.server(2).answers(call -> SimulatedAnswers.whole());

    assertThat(callFor(backend, 30)).allMatch(call -> call.isCompleted());
    assertThat(streams).filteredOn(call -> call.failure() != null).hasSize(lost);
    assertThat(streams).filteredOn(Probe::isOpen).hasSize(200 - lost);
    assertThat(lost).isBetween(66, 67);
    assertThat(backend.endpoints())
        .extracting(EndpointStatus::inFlight)
        .satisfies(counts -> assertThat(counts.get(0)).isZero());
  }
}
