package io.github.openaikserve.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.resilience.BalancingPolicy;
import io.github.openaikserve.resilience.CircuitBreakerPolicy;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.resilience.HealthCheckPolicy;
import io.github.openaikserve.resilience.RetryPolicy;
import io.github.openaikserve.server.options.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options of clients and of connections to model servers. */
final class OperationsConfigTest {
  private static final String MODELS = "models: [{id: m, dialect: triton-vllm}]\n";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @BeforeEach
  void makeFiles() throws IOException {
    for (String name : List.of("keys", "c.pem", "k.pem", "ca.pem", "token")) {
      Files.writeString(directory.resolve(name), "");
    }
  }

  @Test
  void everyOptionForClientsIsRead() {
    ListenConfig server =
        read("""
        server:
          write_timeout: 30s
          shutdown_delay: 7s
          max_connections: 50
          cors_origins: ["https://a.example", "http://[::1]:3000", "app://x", "null", "*"]
          api_key_file: keys
          keep_alive: 5s
          abort_failed_streams: true
          forward_headers: [x-tenant]
          affinity_header: x-session
          metrics: {port: 9464, host: 0.0.0.0}
          tls: {certificates: c.pem, key: k.pem, client_authorities: ca.pem, check: 10s}
        backends: [{name: b, target: "b:1"}]
        """)
            .server();

    assertThat(server.writeTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(server.shutdownDelay()).isEqualTo(Duration.ofSeconds(7));
    assertThat(server.maxConnections()).contains(50);
    assertThat(server.corsOrigins())
        .containsExactly("https://a.example", "http://[::1]:3000", "app://x", "null", "*");
    assertThat(server.apiKeyFile()).isEqualTo(beside("keys"));
    assertThat(server.keepAlive()).isEqualTo(Duration.ofSeconds(5));
    assertThat(server.abortFailedStreams()).isTrue();
    assertThat(server.forwardHeaders()).containsExactly("x-tenant");
    assertThat(server.affinityHeader()).contains("x-session");
    assertThat(server.metrics()).contains(new ListenConfig.MetricsConfig(9464, "0.0.0.0"));
    assertThat(server.tls())
        .contains(
            new ListenConfig.TlsConfig(
                directory.resolve("c.pem"),
                directory.resolve("k.pem"),
                beside("ca.pem"),
                Duration.ofSeconds(10)));
  }

  @Test
  void everyOptionForBackendsIsRead() {
    BackendConfig backend =
        backend(
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
                tls: true
                client_certificates: c.pem
                client_key: k.pem
                authority: model.example
                token_file: token
                allow_plaintext_credentials: true
                limit: {max: 1, queue: 2, max_wait: 3s, hold_until_done: true}
                first_token_timeout: 6s
                inter_token_timeout: 7s
            """);

    assertThat(backend.address().targets()).containsExactly("a:1", "b:2");
    checkPolicies(backend.resilience());
    assertThat(backend.connection())
        .isEqualTo(
            new BackendConfig.Connection(
                Optional.of(Duration.ofSeconds(5)),
                Optional.of(2),
                Optional.of(BackendConfig.Compression.GZIP),
                Optional.empty(),
                Optional.empty()));
    assertThat(backend.credentials())
        .isEqualTo(
            new CredentialsConfig(
                Optional.of(new CredentialsConfig.Trust(Optional.empty())),
                beside("c.pem"),
                beside("k.pem"),
                Optional.of("model.example"),
                beside("token"),
                true,
                Map.of()));
    assertThat(backend.timeouts())
        .isEqualTo(
            new TimeoutConfig(
                Optional.empty(),
                Optional.of(Duration.ofSeconds(6)),
                Optional.of(Duration.ofSeconds(7))));
  }

  private static void checkPolicies(ResilienceConfig resilience) {
    assertThat(resilience.balancing()).isEqualTo(BalancingPolicy.ROUND_ROBIN);
    assertThat(resilience.circuitBreaker().policy())
        .isEqualTo(
            CircuitBreakerPolicy.builder()
                .consecutiveFailures(3)
                .slidingWindow(50)
                .waitInOpenState(Duration.ofSeconds(1))
                .maxWaitInOpenState(Duration.ofMinutes(1))
                .build());
    assertThat(resilience.healthCheck().policy())
        .isEqualTo(
            HealthCheckPolicy.builder()
                .interval(Duration.ofSeconds(10))
                .unhealthyInterval(Duration.ofMillis(500))
                .timeout(Duration.ofSeconds(3))
                .build());
    assertThat(resilience.retries().policy())
        .isEqualTo(
            RetryPolicy.builder()
                .maxAttempts(2)
                .initialBackoff(Duration.ofMillis(10))
                .maxBackoff(Duration.ofSeconds(2))
                .budget(20, RetryPolicy.ofDefaults().tokenRatio())
                .build());
    assertThat(resilience.limit().map(ResilienceConfig.Limit::limit))
        .contains(
            ConcurrencyLimit.builder()
                .max(1)
                .queue(2)
                .maxWait(Duration.ofSeconds(3))
                .holdUntilDone()
                .build());
  }

  @Test
  void theDefaultsAreTheLibrarysDefaults() {
    ResilienceConfig resilience = backend("backends: [{name: b, target: 'b:1'}]\n").resilience();

    assertThat(resilience.balancing()).isEqualTo(BalancingPolicy.LEAST_REQUESTS);
    assertThat(resilience.circuitBreaker().policy()).isEqualTo(CircuitBreakerPolicy.ofDefaults());
    assertThat(resilience.healthCheck().policy()).isEqualTo(HealthCheckPolicy.ofDefaults());
    assertThat(resilience.retries().policy()).isEqualTo(RetryPolicy.ofDefaults());
    assertThat(resilience.limit().map(ResilienceConfig.Limit::limit))
        .contains(ConcurrencyLimit.builder().max(4096).queue(1024).build());
  }

  @Test
  void theConcurrencyLimitCanBeTurnedOffAndOn() {
    assertThat(limit("limit: false")).isEmpty();
    assertThat(limit("limit: true")).isEqualTo(limit("limit: {}")).isPresent();
  }

  private Optional<ResilienceConfig.Limit> limit(String text) {
    return backend("backends: [{name: b, target: 'b:1', " + text + "}]\n").resilience().limit();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "server: {tls: {certificates: c.pem}} | server.tls: 'key' is missing",
        "server: {write_timeout: 0} | must be more than 0",
        "server: {max_connections: 0} | must be from 1",
        "server: {cors_origin: x} | did you mean 'cors_origins'?",
        "server: {cors_origins: ['https://x.example/']} | found 'https://x.example/'",
        "server: {cors_origins: ['https://x.example/a']} | found 'https://x.example/a'",
        "server: {cors_origins: ['x.example']} | found 'x.example'",
        "server: {cors_origins: ['https://*.example']} | found 'https://*.example'",
        "server: {cors_origins: ['https://X.example']} | found 'https://X.example'",
        "server: {cors_origins: ['https://x.example:443']} | found 'https://x.example:443'",
        "server: {cors_origins: ['http://x:80']} | found 'http://x:80'",
      })
  void invalidOptionsAreReportedWithTheirPlace(String wrong, String words) {
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
        "retries: {initial_backoff: 10m} | initial_backoff: must not exceed 'max_backoff'",
        "health_check: {interval: 0} | must be more than 0",
      })
  void invalidBackendOptionsAreReported(String wrong, String words) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read("backends:\n  - {name: b, target: 'b:1', " + wrong + "}\n"))
        .withMessageContaining(words);
  }

  private Optional<Path> beside(String name) {
    return Optional.of(directory.resolve(name));
  }

  private BackendConfig backend(String backends) {
    return read(backends).backends().get(0);
  }

  private ServerConfig read(String text) {
    return Configuration.parse(directory.resolve("server.yaml"), text + MODELS, Map.of()).values();
  }
}
