package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.Rpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which endpoint a call goes to. */
final class BalancedBackendTest {
  private static final InferCall UNARY =
      InferCall.of(Rpc.MODEL_INFER, InferRequest.of("model", "", List.of()));

  private static List<Integer> callsOf(SimulatedCluster cluster) {
    return cluster.servers().stream().map(SimulatedServer::calls).toList();
  }

  private static void neverEnding(SimulatedCluster cluster) {
    cluster.servers().forEach(s -> s.answers(call -> SimulatedAnswers.firstTokenThenSilence()));
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "7", "1000"})
  void everyEndpointGetsItsTurn(int endpoints) {
    var cluster = new SimulatedCluster(endpoints);
    BalancedBackend backend = cluster.builder().balancing(BalancingPolicy.ROUND_ROBIN).build();

    SimulatedCluster.calls(backend, 3 * endpoints);

    assertThat(callsOf(cluster)).containsOnly(3);
  }

  @ParameterizedTest
  @CsvSource({"2", "7", "1000"})
  void callsGoToTheEndpointWithTheFewestInFlight(int endpoints) {
    var cluster = new SimulatedCluster(endpoints);
    neverEnding(cluster);
    BalancedBackend backend = cluster.backend();
    List<Probe> streams = SimulatedCluster.calls(backend, 3 * endpoints);
    assertThat(callsOf(cluster)).containsOnly(3);

    streams.get(0).cancel();
    streams.get(1).cancel();
    SimulatedCluster.calls(backend, 2);

    assertThat(backend.endpoints()).extracting(EndpointStatus::inFlight).containsOnly(3);
  }

  @Test
  void endpointsWithoutCallsInFlightTakeTurnsToo() {
    var cluster = new SimulatedCluster(4);

    SimulatedCluster.calls(cluster.backend(), 40);

    assertThat(callsOf(cluster)).containsOnly(10);
  }

  @Test
  void unaryCallsStreamsAndRetriedCallsShareOneCount() {
    var cluster = new SimulatedCluster(3);
    neverEnding(cluster);
    BalancedBackend backend = cluster.backend();
    for (int i = 0; i < 30; i++) {
      Probe.call(backend, i % 2 == 0 ? UNARY : Probe.CALL);
    }
    assertThat(backend.endpoints()).extracting(EndpointStatus::inFlight).containsOnly(10);

    cluster.server(0).reports(BackendCode.UNAVAILABLE, "loading");
    cluster.time.advance(Duration.ofSeconds(2));
    for (int i = 0; i < 20; i++) {
      Probe.call(backend, i % 2 == 0 ? UNARY : Probe.CALL);
    }

    assertThat(cluster.events.with("retried")).isNotEmpty().containsOnly("retried gpu-0");
    assertThat(backend.endpoints())
        .extracting(EndpointStatus::inFlight)
        .containsExactly(10, 20, 20);
  }

  @ParameterizedTest
  @CsvSource({"1,0", "2,1", "20,18", "40,30", "40,39", "1000,999"})
  void anEjectedEndpointGetsNoCallWhileOthersAreAvailable(int endpoints, int ejected) {
    for (BalancingPolicy policy : BalancingPolicy.values()) {
      var cluster = new SimulatedCluster(endpoints);
      cluster.servers().subList(0, ejected).forEach(s -> s.is(SimulatedServer.State.DOWN));
      BalancedBackend backend = cluster.builder().balancing(policy).build();
      backend.ready();
      assertThat(backend.endpoints()).filteredOn(status -> !status.available()).hasSize(ejected);

      List<Probe> calls = new ArrayList<>(SimulatedCluster.calls(backend, 200));
      IntStream.range(0, 200)
          .mapToObj(i -> Probe.call(backend, Probe.CALL.withAffinityKey("key " + i)))
          .forEach(calls::add);

      assertThat(calls).allMatch(call -> call.isCompleted());
      assertThat(callsOf(cluster).subList(0, ejected)).allMatch(received -> received == 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whereNoEndpointIsAvailableEveryCallIsTried(BalancingPolicy policy) {
    var cluster = new SimulatedCluster(3);
    BalancedBackend backend = cluster.builder().balancing(policy).build();
    backend.ready();
    cluster.servers().forEach(s -> s.is(SimulatedServer.State.NOT_READY));
    cluster.time.advance(Duration.ofSeconds(7));
    assertThat(backend.endpoints()).noneMatch(EndpointStatus::available);

    assertThat(SimulatedCluster.calls(backend, 30)).allMatch(call -> call.isCompleted());

    assertThat(callsOf(cluster)).as("in turns, as ever").containsOnly(10);
  }

  @Test
  void anEndpointWithAnOpenCircuitBreakerIsBetterThanOneThatIsNotReady() {
    var cluster = new SimulatedCluster(2);
    BalancedBackend backend = cluster.backend();
    backend.ready();
    cluster.server(1).reports(BackendCode.CANCELLED, "as a fault");
    cluster.server(0).is(SimulatedServer.State.NOT_READY);
    cluster.time.advance(Duration.ofSeconds(7));
    SimulatedCluster.calls(backend, 5);
    assertThat(backend.endpoints()).noneMatch(EndpointStatus::available);
    cluster.server(1).answers(call -> SimulatedAnswers.whole());

    assertThat(Probe.call(backend).isCompleted()).isTrue();

    assertThat(callsOf(cluster)).containsExactly(0, 6);
  }

  private static Map<String, Integer> homes(SimulatedCluster cluster, BalancedBackend backend) {
    Map<String, Integer> homes = new HashMap<>();
    for (int i = 0; i < 300; i++) {
      String key = "key " + i;
      List<Integer> before = callsOf(cluster);
      Probe.call(backend, Probe.CALL.withAffinityKey(key));
      List<Integer> after = callsOf(cluster);
      IntStream.range(0, after.size())
          .filter(n -> after.get(n) > before.get(n))
          .forEach(n -> homes.put(key, n));
    }
    return homes;
  }

  @Test
  void callsWithTheSameKeyGoToTheSameEndpointAndKeysAreSpread() {
    var cluster = new SimulatedCluster(5);
    BalancedBackend backend = cluster.backend();

    Map<String, Integer> homes = homes(cluster, backend);

    assertThat(homes(cluster, backend)).isEqualTo(homes);
    assertThat(homes.values().stream().collect(Collectors.groupingBy(n -> n)).values())
        .hasSize(5)
        .allSatisfy(keys -> assertThat(keys.size()).isBetween(30, 90));
  }

  @Test
  void anEndpointThatLeavesMovesOnlyItsOwnKeysWhichReturnWithIt() {
    var cluster = new SimulatedCluster(5);
    BalancedBackend backend = cluster.backend();
    Map<String, Integer> before = homes(cluster, backend);
    cluster.server(2).is(SimulatedServer.State.DOWN);
    cluster.time.advance(Duration.ofSeconds(10));

    Map<String, Integer> meanwhile = homes(cluster, backend);

    Set<String> moved =
        before.keySet().stream()
            .filter(key -> !Objects.equals(before.get(key), meanwhile.get(key)))
            .collect(Collectors.toSet());
    assertThat(moved).isNotEmpty().allMatch(key -> Objects.equals(before.get(key), 2));
    assertThat(meanwhile.values()).doesNotContain(2);
    cluster.server(2).is(SimulatedServer.State.UP);
    cluster.time.advance(Duration.ofSeconds(10));
    assertThat(homes(cluster, backend)).isEqualTo(before);
  }

  @Test
  void aPopularKeyYieldsToTheLoad() {
    var cluster = new SimulatedCluster(4);
    neverEnding(cluster);
    BalancedBackend backend = cluster.backend();

    for (int i = 0; i < 100; i++) {
      Probe.call(backend, Probe.CALL.withAffinityKey("popular"));
    }

    assertThat(callsOf(cluster)).allMatch(calls -> calls <= 32);
    assertThat(callsOf(cluster)).as("a quarter more than the average").contains(32);
  }
}
