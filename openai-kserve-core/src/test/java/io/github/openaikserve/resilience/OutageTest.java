package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.testing.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Outages of model servers, in simulated time. */
final class OutageTest {
  private static final Duration STEP = Duration.ofMillis(100);

  private final ManualScheduler time = new ManualScheduler();
  private List<SimulatedServer> servers = List.of();

  private BalancedBackend backend(int endpoints) {
    List<String> addresses = IntStream.range(0, endpoints).mapToObj(i -> "gpu-" + i).toList();
    Map<String, SimulatedServer> byAddress =
        addresses.stream()
            .collect(Collectors.toMap(Function.identity(), a -> new SimulatedServer()));
    servers = addresses.stream().map(byAddress::get).toList();
    return BalancedBackend.builder(
            EndpointSource.of(addresses.toArray(String[]::new)),
            endpoint -> byAddress.get(endpoint.address()))
        .scheduler(time)
        .build();
  }

  @ParameterizedTest
  @CsvSource({"1,10", "1,60", "1,150", "1,400", "3,10", "3,60", "3,150", "3,400"})
  void theFirstCallAfterAnOutageSucceedsWithinTwoSecondsAndNoneIsRefusedAfterThat(
      int endpoints, int seconds) {
    BalancedBackend backend = backend(endpoints);
    assertThat(Probe.call(backend).completed).isTrue();
    servers.forEach(server -> server.is(SimulatedServer.State.DOWN));
    callEvery(backend, Duration.ofSeconds(seconds));

    servers.forEach(server -> server.is(SimulatedServer.State.UP));
    List<Probe> calls = callEvery(backend, Duration.ofSeconds(10));

    int firstGood =
        IntStream.range(0, calls.size()).filter(i -> calls.get(i).completed).findFirst().orElse(-1);
    assertThat(firstGood * STEP.toMillis()).isBetween(0L, 2000L);
    assertThat(calls.subList(firstGood, calls.size())).allMatch(call -> call.completed);
  }

  @ParameterizedTest
  @CsvSource({"1,10", "1,400", "3,60"})
  void aBurstAfterAnOutageInWhichNobodyCalledIsServedWhole(int endpoints, int seconds) {
    BalancedBackend backend = backend(endpoints);
    servers.forEach(server -> server.is(SimulatedServer.State.DOWN));
    for (int i = 0; i < 6; i++) {
      Probe.call(backend);
      time.advance(STEP);
    }
    time.advance(Duration.ofSeconds(seconds));
    servers.forEach(server -> server.is(SimulatedServer.State.UP));
    time.advance(Duration.ofSeconds(2));

    List<Probe> burst = IntStream.range(0, 16).mapToObj(i -> Probe.call(backend)).toList();

    assertThat(burst).allMatch(call -> call.completed);
  }

  @Test
  void aCallerLearnsTheErrorOfTheConnectionWithinASecond() {
    BalancedBackend backend = backend(1);
    servers.get(0).is(SimulatedServer.State.DOWN);
    callEvery(backend, Duration.ofSeconds(5));

    Probe call = Probe.call(backend);
    time.advance(Duration.ofSeconds(1));

    assertThat(call.failure)
        .hasMessage("The model server could not be reached: connection refused.")
        .asInstanceOf(InstanceOfAssertFactories.type(BackendException.class))
        .returns(Duration.ofSeconds(1), BackendException::retryAfter);
  }

  @Test
  void aBoundedNumberOfCallsWaitsForAServerThatAnswersNothing() {
    BalancedBackend backend = backend(1);
    Probe.call(backend);
    servers.get(0).is(SimulatedServer.State.SILENT);
    time.advance(Duration.ofSeconds(20));
    int before = servers.get(0).calls();

    List<Probe> calls = IntStream.range(0, 1000).mapToObj(i -> Probe.call(backend)).toList();
    time.advance(Duration.ofSeconds(2));

    assertThat(servers.get(0).calls() - before).isEqualTo(64);
    assertThat(calls).filteredOn(call -> call.failure != null).hasSize(936);
  }

  @Test
  void oneOfThreeEndpointsThatDiesFailsOnlyTheCallsThatItWasAnswering() {
    BalancedBackend backend = backend(3);
    servers.forEach(s -> s.answers(call -> SimulatedAnswers.firstTokenThenSilence()));
    List<Probe> streams = IntStream.range(0, 200).mapToObj(i -> Probe.call(backend)).toList();
    assertThat(streams).allMatch(call -> call.responses.size() == 1);

    servers.get(0).is(SimulatedServer.State.DOWN);
    servers.get(1).answers(call -> SimulatedAnswers.whole());
    servers.get(2).answers(call -> SimulatedAnswers.whole());
    List<Probe> later = callEvery(backend, Duration.ofSeconds(30));

    assertThat(later).allMatch(call -> call.completed);
  }

  private List<Probe> callEvery(BalancedBackend backend, Duration duration) {
    List<Probe> calls = new ArrayList<>();
    for (long at = 0; at < duration.toMillis(); at += STEP.toMillis()) {
      calls.add(Probe.call(backend));
      time.advance(STEP);
    }
    return calls;
  }
}
