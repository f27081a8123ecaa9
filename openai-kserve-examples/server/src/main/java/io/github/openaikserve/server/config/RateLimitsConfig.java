package io.github.openaikserve.server.config;

import io.github.openaikserve.server.limits.Cidr;
import io.github.openaikserve.server.limits.ClientLimits;
import io.github.openaikserve.server.limits.LimitOptions;
import io.github.openaikserve.server.limits.TenantRule;
import io.github.openaikserve.server.options.Mistake;
import io.github.openaikserve.server.options.Setting;
import io.github.openaikserve.server.options.Type;
import io.github.openaikserve.server.options.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rate limits of clients. Immutable. */
public record RateLimitsConfig(
    LimitConfig byDefault,
    @Setting(
            value =
                "Limits by the name of an API key, each with the four options above; limits in the"
                    + " API key file override them.",
            unset = "those of all clients")
        Map<String, LimitConfig> clients,
    @Setting(
            value = "Limits by tenant: a header of a trusted proxy names the tenant of a request.",
            unset = "limits by key")
        Optional<TenantsConfig> tenants) {
  /** Returns the limits. */
  public LimitOptions options() {
    return new LimitOptions(
        byDefault.limits(), limits(clients), tenants.map(TenantsConfig::toRule));
  }

  private static Map<String, ClientLimits> limits(Map<String, LimitConfig> configs) {
    Map<String, ClientLimits> limits = new HashMap<>();
    configs.forEach((name, config) -> limits.put(name, config.limits()));
    return limits;
  }

  /** The limits of one client. */
  public record LimitConfig(
      @Setting(value = "Maximum number of requests per minute.", unset = "no limit")
          Optional<Integer> requestsPerMinute,
      @Setting(
              value = "Maximum number of tokens of prompts and answers per minute.",
              unset = "no limit")
          Optional<Integer> tokensPerMinute,
      @Setting(value = "Maximum number of concurrent requests.", unset = "no limit")
          Optional<Integer> maxInFlight,
      @Setting(
              value = "Names of the models that the client may use; `llama-*` allows a prefix.",
              unset = "all")
          List<String> models) {
    ClientLimits limits() {
      return new ClientLimits(
          requestsPerMinute.orElse(null),
          tokensPerMinute.orElse(null),
          maxInFlight.orElse(null),
          Set.copyOf(models));
    }
  }

  /** The rule for tenants. */
  public record TenantsConfig(
      @Setting("Header with the name of the tenant. Requests without it count for their key.")
          String header,
      @Setting(
              value =
                  "Addresses of trusted proxies, such as `10.0.0.0/8`. The header is ignored from"
                      + " any other address.",
              type = Blocks.class)
          List<Cidr> trustedProxies,
      @Setting(
              value =
                  "Maximum number of tenants in memory; the one that has been idle for the longest"
                      + " time is forgotten first.",
              initial = "10000",
              max = 1_000_000)
          int maxTenants,
      LimitConfig byDefault,
      @Setting(
              value = "Limits by the name of a tenant, each with the four options above.",
              unset = "those of all tenants")
          Map<String, LimitConfig> limits) {
    /** Checks that at least one proxy is trusted. */
    public TenantsConfig {
      if (trustedProxies.isEmpty()) {
        throw new Mistake("trusted_proxies", "'trusted_proxies' is missing or empty");
      }
    }

    TenantRule toRule() {
      return new TenantRule(
          header, trustedProxies, byDefault.limits(), RateLimitsConfig.limits(limits), maxTenants);
    }
  }

  /** Blocks of IP addresses. */
  static final class Blocks implements Type<List<Cidr>> {
    @Override
    public List<Cidr> read(Value value) {
      return value.list().stream().map(Blocks::block).toList();
    }

    private static Cidr block(Value value) {
      try {
        return Cidr.of(value.text());
      } catch (IllegalArgumentException e) {
        throw value.wrong(String.valueOf(e.getMessage()));
      }
    }

    @Override
    public Map<String, Object> schema() {
      return Map.of("items", Map.of("type", "string"));
    }
  }
}
