package io.github.openaikserve.server.limits;

import io.github.openaikserve.server.options.HeaderText;
import io.github.openaikserve.server.options.Mistake;
import io.github.openaikserve.server.options.Setting;
import java.util.List;
import java.util.Map;

/**
 * The rule that assigns requests to tenants. Immutable.
 *
 * @param header the header with the tenant's name; a request without it counts for its key
 * @param trustedProxies the addresses of proxies whose header is used; it is ignored from others
 * @param maxTenants the maximum number of tenants with an account; the least recently used account
 *     is removed first, with its usage
 * @param byDefault the limits of a tenant that {@code limits} does not name
 * @param limits the limits by tenant; {@code byDefault} replaces those that are not set
 */
public record TenantRule(
    @Setting("Header with the name of the tenant. Requests without it count for their key.")
        String header,
    @Setting(
            value =
                "Addresses of trusted proxies, such as `10.0.0.0/8`. The header is ignored from any"
                    + " other address.",
            type = Cidr.Blocks.class)
        List<Cidr> trustedProxies,
    @Setting(
            value =
                "Maximum number of tenants in memory; the one that has been idle for the longest"
                    + " time is forgotten first.",
            initial = "10000",
            max = 1_000_000)
        int maxTenants,
    ClientLimits byDefault,
    @Setting(
            value = "Limits by the name of a tenant, each with the four options above.",
            unset = "those of all tenants")
        Map<String, ClientLimits> limits) {
  /** The default of {@link #maxTenants}. */
  public static final int DEFAULT_MAX_TENANTS = 10_000;

  /**
   * Copies the collections, and checks the name of the header and that at least one proxy is
   * trusted.
   */
  public TenantRule {
    HeaderText.checkName("header", header);
    trustedProxies = List.copyOf(trustedProxies);
    limits = Map.copyOf(limits);
    if (trustedProxies.isEmpty()) {
      throw new Mistake("trusted_proxies", "'trusted_proxies' is missing or empty");
    }
  }

  boolean trusts(String peer) {
    return trustedProxies.stream().anyMatch(block -> block.contains(peer));
  }

  ClientLimits of(String tenant) {
    return limits.getOrDefault(tenant, ClientLimits.NONE).orElse(byDefault);
  }
}
