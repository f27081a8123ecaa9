package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.testing.ScriptedResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Endpoints that come and go while calls run. */
final class BalancedEndpointsTest {
  private final SimulatedCluster cluster = new SimulatedCluster(3);
  private final ManualSource source = new ManualSource();
  private final BalancedBackend backend = cluster.builder(source).build();

  private void start(String... addresses) {
    backend.ready();
    source.report(addresses);
  }

  private List<String> addresses() {
    return backend.endpoints().stream().map(EndpointStatus::endpoint).toList();
  }

  @Test
  void aRemovedEndpointFinishesItsCallsAndIsThenClosed() {
    start("gpu-0");
    SimulatedServer removed = cluster.server(0);
    removed.answers(
        call -> ScriptedResponse.of(List.of(Probe.RESPONSE, Probe.RESPONSE, Probe.RESPONSE)));
    var reading = new Probe();
    backend.infer(Probe.CALL).subscribe(reading);
    reading.request(1);
    removed.answers(call -> SimulatedAnswers.firstTokenThenSilence());
    Probe leaving = Probe.call(backend);

    source.report("gpu-1");

    assertThat(removed.isClosed()).isFalse();
    assertThat(Probe.call(backend).isCompleted()).isTrue();
    assertThat(removed.calls()).isEqualTo(2);
    reading.request(2);
    assertThat(reading.isCompleted()).isTrue();
    assertThat(reading.items()).hasSize(3);
    assertThat(removed.isClosed()).isFalse();
    leaving.cancel();
    assertThat(removed.isClosed()).isTrue();
    assertThat(removed.closes()).isEqualTo(1);
    int checks = removed.healthChecks();
    cluster.time.advance(Duration.ofMinutes(1));
    assertThat(removed.healthChecks()).isEqualTo(checks);
  }

  @Test
  void aRemovedEndpointWithoutCallsIsClosedAtOnce() {
    start("gpu-0", "gpu-1");

    source.report("gpu-1");

    assertThat(cluster.server(0).closes()).isEqualTo(1);
    assertThat(cluster.server(1).isClosed()).isFalse();
    assertThat(addresses()).containsExactly("gpu-1");
  }

  @Test
  void anEndpointThatIsRemovedBetweenItsChoiceAndItsCallIsNotUsed() {
    var one = new SimulatedCluster(1);
    one.server(0).is(SimulatedServer.State.SILENT);
    List<Endpoint> listed = List.of(Endpoint.of("gpu-0"));
    var registry = new EndpointRegistry(one.builder(listener -> EndpointSource.Watch.NONE));
    registry.onEndpoints(listed);
    ManagedEndpoint chosen = registry.endpoints().get(0);

    registry.onEndpoints(List.of(Endpoint.of("gpu-1")));

    assertThat(one.server(0).isClosed()).isTrue();
    assertThat(chosen.tryStartCall()).isFalse();
    assertThat(chosen.inFlight()).isZero();
  }

  @Test
  void anEndpointThatIsListedAgainIsConnectedAgain() {
    start("gpu-0", "gpu-1");
    SimulatedServer before = cluster.server(0);
    source.report("gpu-1");

    source.report("gpu-0", "gpu-1");

    assertThat(cluster.server(0)).isNotSameAs(before);
    assertThat(addresses()).containsExactly("gpu-0", "gpu-1");
    assertThat(SimulatedCluster.calls(backend, 4)).allMatch(call -> call.isCompleted());
    assertThat(cluster.server(0).calls()).isEqualTo(2);
    assertThat(cluster.events.with("gpu-0"))
        .containsExactly(
            "added gpu-0", "healthy gpu-0", "removed gpu-0", "added gpu-0", "healthy gpu-0");
  }

  @Test
  void anEndpointThatIsListedTwiceIsOneEndpoint() {
    start("gpu-0", "gpu-1", "gpu-0");

    assertThat(addresses()).containsExactly("gpu-0", "gpu-1");
    source.report("gpu-1", "gpu-1", "gpu-0");
    assertThat(addresses()).containsExactly("gpu-1", "gpu-0");
    assertThat(cluster.events.with("added")).hasSize(2);
  }

  @Test
  void anEmptyListReplacesNothing() {
    start("gpu-0", "gpu-1");

    source.report();

    assertThat(addresses()).containsExactly("gpu-0", "gpu-1");
    assertThat(Probe.call(backend).isCompleted()).isTrue();
  }

  @Test
  void aFirstListThatIsEmptyFailsCallsAtOnce() {
    start();

    Probe call = Probe.call(backend);
    cluster.time.advance(Duration.ofSeconds(1));

    assertThat(call.failure())
        .hasMessage(
            "No model server is known yet. Retry after the endpoint source has reported one.")
        .asInstanceOf(InstanceOfAssertFactories.type(BackendException.class))
        .returns(BackendCode.UNAVAILABLE, BackendException::backendCode)
        .returns(Duration.ofSeconds(1), BackendException::retryAfter);
    source.report("gpu-0");
    assertThat(Probe.call(backend).isCompleted()).isTrue();
  }

  @Test
  void callsWaitForTheFirstReport() {
    Probe call = Probe.call(backend);
    cluster.time.advance(Duration.ofSeconds(4));
    assertThat(call.isSilent()).isTrue();

    source.report("gpu-0");

    assertThat(call.isCompleted()).isTrue();
    assertThat(cluster.time.waiting()).as("the next health check").isEqualTo(1);
  }

  @Test
  void callsWaitFiveSecondsForASourceThatReportsNothing() {
    Probe call = Probe.call(backend);
    cluster.time.advance(Duration.ofMillis(4999));
    assertThat(call.isSilent()).isTrue();

    cluster.time.advance(Duration.ofSeconds(1));

    assertThat(call.failure()).isInstanceOf(BackendException.class);
  }

  @Test
  void aCallDoesNotWaitForASourceLongerThanItsTimeout() {
    Probe call = Probe.call(backend, Duration.ofSeconds(1));

    cluster.time.advance(Duration.ofSeconds(1));

    assertThat(call.failure())
        .asInstanceOf(InstanceOfAssertFactories.type(BackendException.class))
        .extracting(BackendException::backendCode)
        .isIn(BackendCode.UNAVAILABLE, BackendCode.DEADLINE_EXCEEDED);
  }

  @Test
  void aSourceThatFailsBeforeItsFirstReportFailsCallsWithItsReason() {
    Probe waiting = Probe.call(backend);

    source.fail("no such name");
    cluster.time.advance(Duration.ofSeconds(1));

    assertThat(waiting.failure()).cause().hasMessage("no such name");
    source.report("gpu-0");
    assertThat(Probe.call(backend).isCompleted()).isTrue();
  }

  @Test
  void aSourceThatFailsLaterChangesNothing() {
    start("gpu-0");

    source.fail("no such name");

    assertThat(Probe.call(backend).isCompleted()).isTrue();
  }

  @Test
  void aSourceThatThrowsIsWatchedAgainByTheNextCall() {
    source.thrown = new IllegalStateException("no such registry");
    Probe first = Probe.call(backend);
    cluster.time.advance(Duration.ofSeconds(1));
    assertThat(first.failure()).cause().hasMessage("no such registry");

    source.thrown = null;
    Probe second = Probe.call(backend);
    source.report("gpu-0");
    cluster.time.advance(Duration.ofSeconds(1));

    assertThat(second.isCompleted()).isTrue();
    assertThat(source.watches).hasValueGreaterThan(1);
  }

  @Test
  void aSourceIsAskedAgainWhenAnEndpointIsLostAndMayThrow() {
    start("gpu-0", "gpu-1");
    source.thrown = new IllegalStateException("closed");
    cluster.server(0).is(SimulatedServer.State.DOWN);

    List<Probe> calls = SimulatedCluster.calls(backend, 4);

    assertThat(calls).allMatch(call -> call.isCompleted());
    assertThat(source.refreshes).hasValue(1);
    cluster.time.advance(Duration.ofMinutes(1));
    assertThat(source.refreshes).as("only changes count").hasValue(1);
  }

  @Test
  void anEndpointThatCannotBeConnectedIsLeftOutAndTriedWithTheNextReport() {
    var tries = new AtomicInteger();
    BalancedBackend some =
        BalancedBackend.builder(
                source,
                endpoint -> {
                  boolean good = !endpoint.address().equals("bad");
                  return switch (good ? 3 : tries.incrementAndGet()) {
                    case 1 -> throw new IllegalArgumentException("no port");
                    case 2 -> throw new LinkageError("no class");
                    default -> new SimulatedServer();
                  };
                })
            .scheduler(cluster.time)
            .listener(cluster.events)
            .build();
    some.ready();

    source.report("bad", "bad", "gpu-0");
    assertThat(some.endpoints()).extracting(EndpointStatus::endpoint).containsExactly("gpu-0");
    source.report("bad");
    assertThat(some.endpoints()).as("nothing usable").hasSize(1);
    source.report("bad", "gpu-0");

    assertThat(some.endpoints())
        .extracting(EndpointStatus::endpoint)
        .containsExactly("bad", "gpu-0");
    assertThat(cluster.events.with("removed")).isEmpty();
  }

  @Test
  void aConnectionFunctionThatReturnsNothingFailsCalls() {
    BalancedBackend none =
        BalancedBackend.builder(source, BalancedEndpointsTest::nothing)
            .scheduler(cluster.time)
            .build();
    none.ready();
    source.report("gpu-0");

    Probe call = Probe.call(none);
    cluster.time.advance(Duration.ofSeconds(1));

    assertThat(call.failure())
        .hasMessage(
            "No model server is known yet. Retry after the endpoint source has reported one.");
  }

  @SuppressWarnings("NullAway")
  private static SimulatedServer nothing(Endpoint endpoint) {
    return null;
  }

  @Test
  void aThousandEndpointsAreReplacedByAThousandOthers() {
    start(IntStream.range(0, 1000).mapToObj(i -> "a-" + i).toArray(String[]::new));

    source.report(IntStream.range(0, 1000).mapToObj(i -> "b-" + i).toArray(String[]::new));

    assertThat(addresses()).hasSize(1000).allMatch(address -> address.startsWith("b-"));
    assertThat(cluster.events.with("removed a-")).hasSize(1000);
    assertThat(cluster.time.waiting()).as("health checks").isEqualTo(1000);
  }
}
