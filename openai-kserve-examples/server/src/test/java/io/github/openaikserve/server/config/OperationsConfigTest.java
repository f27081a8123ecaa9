package io.github.openaikserve.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.resilience.BalancingPolicy;
import io.github.openaikserve.resilience.CircuitBreakerPolicy;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.resilience.HealthCheckPolicy;
import io.github.openaikserve.resilience.RetryPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator says about clients and about how model servers are reached. */
final class OperationsConfigTest {
  private static final String MODELS = "models: [{id: m, dialect: triton-vllm}]\n";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Test
  void everythingAboutClientsIsRead() throws IOException {
    ClientRules clients =
        read("""
                server:
                  stall: 30s
                  shutdown_delay: 5s
                  max_connections: 50
                  cors_origins: ["https://a.example"]
                  api_key_file: keys
                  keep_alive: 5s
                  abort_failed_streams: true
                  forward_headers: [x-tenant]
                  affinity_header: x-session
                  metrics: {port: 9464, host: 0.0.0.0}
                  tls: {certificates: c.pem, key: k.pem, client_authorities: ca.pem, check: 10s}
                backends: [{name: b, target: "b:1"}]
                """)
            .listen()
            .clients();

    assertThat(clients)
        .isEqualTo(
            new ClientRules(
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                50,
                List.of("https://a.example"),
                beside("keys"),
                beside("c.pem"),
                beside("k.pem"),
                beside("ca.pem"),
                Duration.ofSeconds(10),
                new Service(
                    Duration.ofSeconds(5),
                    true,
                    List.of("x-tenant"),
                    Optional.of("x-session"),
                    Optional.of(9464),
                    "0.0.0.0")));
  }

  @Test
  void everythingAboutTheWayToAServerIsRead() throws IOException {
    Reach reach =
        reach(
            """
            backends:
              - name: b
                targets: ["a:1", "b:2"]
                balancing: round_robin
                circuit_breaker:
                  consecutive_failures: 3
                  sliding_window: 50
                  wait_in_open_state: 1s
                  max_wait_in_open_state: 1m
                health_check: {interval: 10s, unhealthy_interval: 500ms, timeout: 3s}
                retries: {max_attempts: 2, initial_backoff: 10ms, max_backoff: 2s, budget: 20}
                connect_timeout: 5s
                connections: 2
                compression: gzip
                client_certificates: c.pem
                client_key: k.pem
                authority: model.example
                token_file: token
                credentials_in_plaintext: true
                limit: {max: 1, queue: 2, max_wait: 3s, drains: true}
                first_token_timeout: 6s
                inter_token_timeout: 7s
            """);

    assertThat(reach)
        .isEqualTo(
            new Reach(
                List.of("a:1", "b:2"),
                new ResilienceConfig(
                    BalancingPolicy.ROUND_ROBIN,
                    CircuitBreakerPolicy.builder()
                        .consecutiveFailures(3)
                        .slidingWindow(50)
                        .waitInOpenState(Duration.ofSeconds(1))
                        .maxWaitInOpenState(Duration.ofMinutes(1))
                        .build(),
                    HealthCheckPolicy.builder()
                        .interval(Duration.ofSeconds(10))
                        .unhealthyInterval(Duration.ofMillis(500))
                        .timeout(Duration.ofSeconds(3))
                        .build(),
                    RetryPolicy.builder()
                        .maxAttempts(2)
                        .initialBackoff(Duration.ofMillis(10))
                        .maxBackoff(Duration.ofSeconds(2))
                        .budget(20, RetryPolicy.ofDefaults().tokenRatio())
                        .build()),
                Optional.of(Duration.ofSeconds(5)),
                Optional.of(2),
                Optional.of("gzip"),
                beside("c.pem"),
                beside("k.pem"),
                Optional.of("model.example"),
                beside("token"),
                true,
                new Guard(
                    Optional.of(
                        ConcurrencyLimit.builder()
                            .max(1)
                            .queue(2)
                            .maxWait(Duration.ofSeconds(3))
                            .drains()
                            .build()),
                    Optional.of(Duration.ofSeconds(6)),
                    Optional.of(Duration.ofSeconds(7)))));
  }

  @Test
  void whatIsNotSaidIsAsUsual() throws IOException {
    ServerConfig config = read("backends: [{name: b, target: 'b:1'}]\n");

    assertThat(config.listen().clients()).isEqualTo(ClientRules.DEFAULT);
    assertThat(((BackendConfig.Remote) config.backends().get(0)).reach()).isEqualTo(Reach.DEFAULT);
  }

  @Test
  void theLimitCanBeTurnedOff() throws IOException {
    Reach reach = reach("backends: [{name: b, target: 'b:1', limit: false}]\n");

    assertThat(reach.guard()).isEqualTo(Guard.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "server: {tls: {certificates: c.pem}} | 'key' is missing",
        "server: {stall: 0} | must be more than 0",
        "server: {max_connections: 0} | must be from 1",
        "server: {cors_origin: x} | did you mean 'cors_origins'?",
      })
  void whatCannotBeMeantIsSaidWithItsPlace(String wrong, String words) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read(wrong + "\nbackends: [{name: b, target: 'b:1'}]\n"))
        .withMessageContaining(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "balancing: random | expected one of least_requests, round_robin",
        "retries: {max_attempts: 11} | must be from 1 to 10",
        "retries: {initial_backoff: 10m} | maxBackoff must not be less than initialBackoff",
        "health_check: {interval: 0} | must be more than 0",
      })
  void aWayThatCannotBeMeantIsSaidToBeSo(String wrong, String words) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read("backends:\n  - {name: b, target: 'b:1', " + wrong + "}\n"))
        .withMessageContaining(words);
  }

  private Optional<Path> beside(String name) {
    return Optional.of(directory.resolve(name));
  }

  private Reach reach(String backends) throws IOException {
    return ((BackendConfig.Remote) read(backends).backends().get(0)).reach();
  }

  private ServerConfig read(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("server.yaml"), text + MODELS);
    return ConfigFile.read(file, name -> null);
  }
}
