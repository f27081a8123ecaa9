package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.testing.ScriptedResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls that are made again on another endpoint, in simulated time. */
final class BalancedRetriesTest {
  private final SimulatedCluster cluster = new SimulatedCluster(3);
  private final BalancedBackend backend = cluster.backend();

  private static ScriptedResponse fails(BackendException failure) {
    return ScriptedResponse.of(List.of()).thenFails(failure);
  }

  private static BackendException reported() {
    return BackendException.fromServer(BackendCode.UNAVAILABLE, "loading");
  }

  private void everyServer(ScriptedResponse reply) {
    cluster.servers().forEach(server -> server.answers(call -> reply));
  }

  private List<InferCall> received() {
    return cluster.servers().stream().flatMap(server -> server.received().stream()).toList();
  }

  @Test
  void aCallIsMadeAgainOnAnotherEndpointWithoutBackoff() {
    backend.ready();
    cluster.server(0).is(SimulatedServer.State.DOWN);

    List<Probe> calls = SimulatedCluster.calls(backend, 3);

    assertThat(calls).allMatch(call -> call.isCompleted());
    assertThat(cluster.server(0).calls()).isEqualTo(1);
    assertThat(cluster.events.with("retried")).containsExactly("retried gpu-0");
  }

  @Test
  void everyAttemptGoesToAnotherEndpoint() {
    everyServer(fails(reported().withRetryAfter(Duration.ofMinutes(1))));

    Probe call = Probe.call(backend);

    assertThat(cluster.servers()).extracting(SimulatedServer::calls).containsOnly(1);
    assertThat(call.failure())
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofMinutes(1)));
    assertThat(cluster.events.with("retried")).hasSize(2);
  }

  @Test
  void aSingleEndpointIsRetriedAfterABackoff() {
    backend.ready();
    cluster.server(1).is(SimulatedServer.State.DOWN);
    cluster.server(2).is(SimulatedServer.State.DOWN);
    cluster.time.advance(Duration.ofSeconds(7));
    cluster.server(0).reports(BackendCode.UNAVAILABLE, "loading");

    Probe call = Probe.call(backend);

    assertThat(call.isSilent()).isTrue();
    cluster.server(0).answers(unused -> SimulatedAnswers.whole());
    cluster.time.advance(Duration.ofMillis(50));
    assertThat(call.isCompleted()).isTrue();
  }

  @Test
  void anAlternativeIsBetterThanAPauseThatTheServerAsksFor() {
    cluster.server(0).answers(call -> fails(reported().withRetryAfter(Duration.ofHours(1))));

    assertThat(SimulatedCluster.calls(backend, 3)).allMatch(call -> call.isCompleted());
  }

  @Test
  void aCallThatIsNotRetryableIsMadeOnce() {
    everyServer(fails(SimulatedServer.refused()));

    Probe call = Probe.call(backend, Probe.CALL.nonRetryable());

    assertThat(call.failure()).isNotNull();
    assertThat(received()).hasSize(1);
  }

  @Test
  void afterAResponseNothingIsMadeAgain() {
    everyServer(ScriptedResponse.of(List.of(Probe.RESPONSE)).thenFails(SimulatedServer.refused()));

    Probe call = Probe.call(backend);
    cluster.time.advance(Duration.ofSeconds(5));

    assertThat(call.items()).hasSize(1);
    assertThat(call.failure()).isNotNull();
    assertThat(received()).hasSize(1);
  }

  /** The second attempt comes 300 ms later, when the first endpoint refuses. */
  @Test
  void eachAttemptReceivesTheRemainingTimeout() {
    cluster
        .servers()
        .forEach(
            server ->
                server
                    .inSimulatedTime(cluster.time)
                    .answers(call -> fails(reported()).every(Duration.ofMillis(300))));

    Probe.call(backend, Duration.ofSeconds(5));
    cluster.time.advance(Duration.ofSeconds(2));

    assertThat(received())
        .extracting(InferCall::timeout)
        .containsExactlyInAnyOrder(
            Duration.ofSeconds(5), Duration.ofMillis(4700), Duration.ofMillis(4400));
  }

  @Test
  void waitingForAnEndpointCountsTowardsTheTimeout() {
    var source = new ManualSource();
    BalancedBackend waiting = cluster.builder(source).build();
    Probe.call(waiting, Duration.ofSeconds(5));
    cluster.time.advance(Duration.ofSeconds(3));

    source.report("gpu-0");

    assertThat(received()).extracting(InferCall::timeout).containsExactly(Duration.ofSeconds(2));
  }

  @Test
  void waitingForAHealthCheckCountsTowardsTheTimeout() {
    backend.ready();
    cluster.servers().forEach(server -> server.is(SimulatedServer.State.DOWN));
    cluster.time.advance(Duration.ofSeconds(7));
    cluster.servers().forEach(server -> server.is(SimulatedServer.State.SILENT));
    cluster.time.advance(Duration.ofMillis(400));
    Probe call = Probe.call(backend, Duration.ofSeconds(5));
    cluster.time.advance(Duration.ofMillis(600));
    assertThat(call.isSilent()).isTrue();

    cluster.server(2).is(SimulatedServer.State.UP).answerHealthChecks();

    assertThat(call.isCompleted()).isTrue();
    assertThat(received()).extracting(InferCall::timeout).containsExactly(Duration.ofMillis(4400));
  }

  @Test
  void aCallDoesNotWaitForAHealthCheckLongerThanItsTimeout() {
    backend.ready();
    cluster.servers().forEach(server -> server.is(SimulatedServer.State.DOWN));
    cluster.time.advance(Duration.ofSeconds(7));
    cluster.servers().forEach(server -> server.is(SimulatedServer.State.SILENT));
    Probe call = Probe.call(backend, Duration.ofMillis(300));

    cluster.time.advance(Duration.ofMillis(300));

    assertThat(call.failure()).isInstanceOf(BackendException.class);
  }

  @Test
  void demandIsOwedByTheEndpointThatAnswers() {
    cluster.server(0).answers(call -> fails(reported()));
    for (int i = 1; i < 3; i++) {
      cluster
          .server(i)
          .answers(
              call -> ScriptedResponse.of(List.of(Probe.RESPONSE, Probe.RESPONSE, Probe.RESPONSE)));
    }
    for (int i = 0; i < 3; i++) {
      var call = new Probe();
      backend.infer(Probe.CALL).subscribe(call);
      call.request(1);
      assertThat(call.items()).hasSize(1);
      call.request(1);
      assertThat(call.items()).hasSize(2);
      call.request(5);
      assertThat(call.isCompleted()).isTrue();
    }
  }

  @Test
  void failuresThatServersReportDoNotUseUpTheRetriesOfLostConnections() {
    BalancedBackend poor =
        cluster.builder().retries(RetryPolicy.builder().budget(2, 0).build()).build();
    everyServer(fails(reported()));
    List<Probe> adversary = SimulatedCluster.calls(poor, 20);
    cluster.time.advance(Duration.ofSeconds(2));
    assertThat(adversary).noneMatch(call -> call.isCompleted());
    everyServer(SimulatedAnswers.whole());
    cluster.server(0).is(SimulatedServer.State.DOWN);

    assertThat(SimulatedCluster.calls(poor, 3)).allMatch(call -> call.isCompleted());
  }

  @Test
  void aCallThatIsCancelledDuringItsBackoffLeavesNoTimer() {
    var one = new SimulatedCluster(1);
    BalancedBackend single = one.backend();
    single.ready();
    one.server(0).reports(BackendCode.UNAVAILABLE, "loading");
    int before = one.time.waiting();
    Probe call = Probe.call(single);
    assertThat(one.time.waiting()).isEqualTo(before + 1);

    call.cancel();

    assertThat(one.time.waiting()).isEqualTo(before);
    one.time.advance(Duration.ofSeconds(3));
    assertThat(one.server(0).calls()).isEqualTo(1);
  }
}
