package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.testsupport.LogCapture;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What operators read of the endpoints of a backend. */
final class EndpointLogTest {
  @RegisterExtension private final LogCapture log = new LogCapture(EndpointLog.class);

  @Test
  void linesAboutHealthNameTheBackendAndTheEndpointOnce() {
    var cluster = new SimulatedCluster(2);
    BalancedBackend backend = cluster.builder().name("triton").build();
    SimulatedCluster.calls(backend, 2);

    cluster.server(0).is(SimulatedServer.State.DOWN);
    IntStream.range(0, 20).forEach(i -> SimulatedCluster.calls(backend, 2));
    cluster.time.advance(Duration.ofSeconds(30));

    assertThat(log.messages())
        .isNotEmpty()
        .allMatch(line -> line.contains("backend=triton endpoint=gpu-0"))
        .doesNotHaveDuplicates();
    assertThat(log.messages())
        .anyMatch(line -> line.startsWith("endpoint unavailable backend=triton"));
  }

  @Test
  void linesAboutCircuitBreakersNameTheBackend() {
    var endpoints = new EndpointLog("triton");

    endpoints.circuitChanged(
        "gpu-0", CircuitState.CLOSED, CircuitState.OPEN, "5 of 5 calls failed");
    endpoints.circuitChanged("gpu-0", CircuitState.OPEN, CircuitState.CLOSED, "a probe succeeded");

    assertThat(log.messages())
        .containsExactly(
            "circuit breaker open backend=triton endpoint=gpu-0 reason=\"5 of 5 calls failed\"",
            "circuit breaker closed backend=triton endpoint=gpu-0 reason=\"a probe succeeded\"");
  }

  @Test
  void anEndpointThatIsBackIsLogged() {
    var cluster = new SimulatedCluster(1);
    BalancedBackend backend = cluster.builder().name("triton").build();
    cluster.server(0).is(SimulatedServer.State.DOWN);
    SimulatedCluster.calls(backend, 1);
    cluster.time.advance(Duration.ofSeconds(30));

    cluster.server(0).is(SimulatedServer.State.UP);
    cluster.time.advance(Duration.ofSeconds(60));

    assertThat(log.messages())
        .anyMatch(line -> line.equals("endpoint available backend=triton endpoint=gpu-0"));
  }
}
