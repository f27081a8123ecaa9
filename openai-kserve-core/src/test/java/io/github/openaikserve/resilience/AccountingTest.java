package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.testing.ScriptedResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ten thousand calls over three endpoints, of which one at a time is killed and returns. */
final class AccountingTest {
  private static final int CALLS = 10_000;
  private static final int RESPONSES = 5;

  private final SimulatedCluster cluster = new SimulatedCluster(3);
  private final BalancedBackend backend = cluster.backend();
  private final List<Probe> calls = new ArrayList<>();
  private int killed = -1;
  private int cancelled;
  private int cutOff;

  @BeforeEach
  void everyServerStreamsForAWhile() {
    ScriptedResponse stream =
        ScriptedResponse.of(Collections.nCopies(RESPONSES, Probe.RESPONSE))
            .every(Duration.ofMillis(20));
    cluster
        .servers()
        .forEach(server -> server.inSimulatedTime(cluster.time).answers(call -> stream));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void noCallIsLostAndEveryOneIsCountedOnce(long seed) {
    var random = new Random(seed);
    int change = random.nextInt(100);
    for (int i = 0; i < CALLS; i++) {
      call(random.nextInt(10) == 0);
      cluster.time.advance(Duration.ofMillis(random.nextInt(10)));
      if (i == change) {
        killOrReturn(random.nextInt(3));
        // A server that has returned is found within a second; then the next one is killed.
        change += (killed < 0 ? 400 : 50) + random.nextInt(100);
      }
      assertThat(inFlight()).isEqualTo(openCalls());
    }
    cluster.time.advance(Duration.ofSeconds(10));

    assertThat(calls).noneMatch(Probe::isOpen);
    assertThat(calls).filteredOn(call -> call.failure() != null).hasSize(cutOff);
    assertThat(calls)
        .filteredOn(call -> call.isCompleted())
        .hasSize(CALLS - cancelled - cutOff)
        .allMatch(call -> call.items().size() == RESPONSES);
    assertThat(inFlight()).isZero();
    assertThat(cluster.servers().stream().mapToInt(SimulatedServer::calls).sum())
        .isEqualTo(CALLS + cluster.events.with("retried").size());
    assertThat(cutOff).isPositive();
    backend.close();
    assertThat(cluster.time.waiting()).isZero();
  }

  private void call(boolean leaves) {
    Probe call = Probe.call(backend);
    calls.add(call);
    if (leaves) {
      call.cancel();
      cancelled++;
    }
  }

  private void killOrReturn(int number) {
    if (killed < 0) {
      killed = number;
      cutOff += cluster.server(number).kill();
    } else {
      cluster.server(killed).is(SimulatedServer.State.UP);
      killed = -1;
    }
  }

  /** An answer takes 120 ms, in which there are at most a few hundred calls. */
  private int openCalls() {
    int from = Math.max(0, calls.size() - 500);
    return (int) calls.subList(from, calls.size()).stream().filter(Probe::isOpen).count();
  }

  private int inFlight() {
    return backend.endpoints().stream().mapToInt(EndpointStatus::inFlight).sum();
  }
}
