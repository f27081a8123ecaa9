package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.BalancingPolicy;
import io.github.openaikserve.resilience.CircuitBreakerPolicy;
import io.github.openaikserve.resilience.HealthCheckPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three real workers on loopback that are killed, hang, fail and restart. */
final class BalancedGrpcTest {
  private static final HealthCheckPolicy OFTEN =
      HealthCheckPolicy.builder()
          .interval(Duration.ofMillis(100))
          .unhealthyInterval(Duration.ofMillis(100))
          .timeout(Duration.ofMillis(300))
          .build();

  private Fleet fleet;
  @AutoClose private final Resources resources = new Resources();

  @BeforeEach
  void begin() throws Exception {
    fleet = new Fleet(3);
  }

  @AfterEach
  void end() throws Exception {
    fleet.end();
  }

  @Test
  void aListOfTargetsIsBalanced() throws Exception {
    BalancedBackend backend = resources.add(GrpcBackend.connect(String.join(",", fleet.targets())));

    Fleet.awaitAll(backend, "w0", "w1", "w2");
    assertThat(Fleet.answering(backend, 60)).containsExactly("w0", "w1", "w2");
  }

  @Test
  void callsGoToAllAddressesOfADnsName() throws Exception {
    String port = fleet.targets().get(0).substring("127.0.0.1:".length());
    BalancedBackend backend = resources.add(GrpcBackend.connect("dns:///localhost:" + port));

    assertThat(Fleet.answering(backend, 3)).containsExactly("w0");
    assertThat(backend.endpoints())
        .anySatisfy(endpoint -> assertThat(endpoint.endpoint()).isEqualTo("127.0.0.1:" + port));
  }

  @Test
  void aKilledWorkerFailsOnlyItsOwnCallsAndIsUsedAgainAfterARestart() throws Exception {
    BalancedBackend backend = backend();
    Fleet.awaitAll(backend, "w0", "w1", "w2");
    fleet.workers.forEach(worker -> worker.manner = Fleet.Manner.HANGS);
    List<Recorder> inFlight =
        Stream.generate(() -> Recorder.of(backend.infer(Servers.streamCall()))).limit(9).toList();
    Fleet.await(() -> fleet.workers.stream().mapToInt(worker -> worker.held.size()).sum() == 9);
    // Its calls have begun to answer, so they cannot be retried.
    fleet.workers.forEach(
        worker -> worker.held.forEach(call -> call.onNext(Servers.chunk("begun"))));
    for (Recorder recorder : inFlight) {
      recorder.first();
    }
    int lost = fleet.worker(0).held.size();
    assertThat(lost).isPositive();

    fleet.worker(0).proxy().disconnect();
    fleet.workers.forEach(worker -> worker.manner = Fleet.Manner.WORKS);

    assertThat(Fleet.answering(backend, 25)).containsExactly("w1", "w2");
    Stream.of(fleet.worker(1), fleet.worker(2))
        .flatMap(worker -> worker.held.stream())
        .forEach(call -> call.onCompleted());
    assertThat(failures(inFlight)).isEqualTo(lost);
    fleet.worker(0).proxy().reconnect();
    Fleet.awaitAll(backend, "w0");
  }

  @Test
  void callsWithoutAResponseFromAKilledWorkerAreRetriedOnAnotherEndpoint() throws Exception {
    BalancedBackend backend = backend();
    Fleet.awaitAll(backend, "w0", "w1", "w2");
    fleet.worker(0).manner = Fleet.Manner.HANGS;
    List<Recorder> all = new ArrayList<>();
    while (fleet.worker(0).held.size() < 3) {
      int held = fleet.worker(0).held.size();
      Recorder recorder = Recorder.of(backend.infer(Servers.streamCall()));
      Fleet.await(() -> recorder.hasBegun() || fleet.worker(0).held.size() > held);
      all.add(recorder);
    }

    fleet.worker(0).proxy().disconnect();

    for (Recorder recorder : all) {
      assertThat(recorder.texts()).singleElement().isIn("w1", "w2");
    }
  }

  @Test
  void anUnresponsiveEndpointIsEjectedByHealthChecksAndUsedAgainWhenItAnswers() throws Exception {
    BalancedBackend backend = backend();
    Fleet.awaitAll(backend, "w0", "w1", "w2");
    fleet.worker(0).proxy().dropData(true);

    Fleet.awaitNone(backend, "!");
    assertThat(Fleet.answering(backend, 20)).containsExactly("w1", "w2");

    fleet.worker(0).proxy().dropData(false);
    Fleet.awaitAll(backend, "w0");
  }

  @Test
  void aServerThatReportsNotReadyReceivesNoCalls() throws Exception {
    BalancedBackend backend = backend();
    Fleet.awaitAll(backend, "w0", "w1", "w2");
    fleet.worker(1).ready = false;

    Fleet.awaitNone(backend, "w1");
    fleet.worker(1).ready = true;
    Fleet.awaitAll(backend, "w1");
  }

  private static int failures(List<Recorder> recorders) throws Exception {
    int failed = 0;
    for (Recorder recorder : recorders) {
      recorder.awaitEnd();
      try {
        recorder.texts();
      } catch (AssertionError e) {
        assertThat(e.getCause()).isInstanceOf(BackendException.class);
        failed++;
      }
    }
    return failed;
  }

  private BalancedBackend backend() {
    return resources.add(
        GrpcBackend.builder()
            .targets(fleet.targets())
            .balanced()
            .balancing(BalancingPolicy.ROUND_ROBIN)
            .circuitBreaker(
                CircuitBreakerPolicy.builder().waitInOpenState(Duration.ofMillis(200)).build())
            .healthCheck(OFTEN)
            .build());
  }
}
