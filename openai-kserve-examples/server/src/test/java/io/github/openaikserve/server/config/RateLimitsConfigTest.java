package io.github.openaikserve.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.server.limits.ClientLimits;
import io.github.openaikserve.server.limits.LimitOptions;
import io.github.openaikserve.server.limits.TenantRule;
import io.github.openaikserve.server.options.ConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RateLimitsConfigTest {
  private static final String REST =
      """

      backends: [{name: one, target: "a:1"}]
      models: [{id: m}]
      """;

  @Test
  void thereAreNoLimitsUnlessSet() {
    assertThat(options("{}")).isEqualTo(LimitOptions.DEFAULT);
    assertThat(read("").server().ui()).isTrue();
    assertThat(read("server: {ui: false}").server().ui()).isFalse();
    assertThat(read("operator_keys: [a, b]").operatorKeys()).containsExactly("a", "b");
  }

  @Test
  void clientsAndTenantsHaveLimits() {
    LimitOptions options =
        options(
            "{requests_per_minute: 60, models: [a, 'b-*'], clients: {alice: {max_in_flight: 2}},"
                + " tenants: {header: x-tenant, trusted_proxies: [10.0.0.0/8, '::1'],"
                + " tokens_per_minute: 7, limits: {acme: {tokens_per_minute: 9}}}}");

    assertThat(options.byDefault())
        .isEqualTo(new ClientLimits(60, null, null, List.of("a", "b-*")));
    assertThat(options.clients())
        .isEqualTo(Map.of("alice", new ClientLimits(null, null, 2, List.of())));
    TenantRule tenants = options.tenants().orElseThrow();
    assertThat(tenants.header()).isEqualTo("x-tenant");
    assertThat(tenants.trustedProxies()).hasToString("[10.0.0.0/8, ::1]");
    assertThat(tenants.byDefault().tokensPerMinute()).isEqualTo(7);
    assertThat(tenants.limits().get("acme")).isEqualTo(new ClientLimits(null, 9, null, List.of()));
    assertThat(tenants.maxTenants()).isEqualTo(10_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{requests_per_minute: 0} | requests_per_minute",
        "{clients: {alice: {request_per_minute: 1}}} | did you mean 'requests_per_minute'",
        "{tenants: {header: x, trusted_proxies: [localhost]}} | such as 10.0.0.0/8",
        "{tenants: {header: x, trusted_proxies: []}} | trusted_proxies",
        "{tenants: {header: x}} | trusted_proxies",
        "{tenants: {trusted_proxies: [10.0.0.1]}} | header",
      })
  void invalidRateLimitsAreRejected(String limits, String message) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> options(limits))
        .withMessageContaining(message);
  }

  private static LimitOptions options(String limits) {
    return read("server: {rate_limits: " + limits + "}").server().rateLimits();
  }

  private static ServerConfig read(String yaml) {
    return Configuration.parse(Path.of("c.yaml"), yaml + REST, Map.of()).values();
  }
}
