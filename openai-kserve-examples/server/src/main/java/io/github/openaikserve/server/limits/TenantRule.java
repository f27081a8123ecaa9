package io.github.openaikserve.server.limits;

import java.util.List;
import java.util.Map;

/**
 * How requests of one key are counted by tenant. Immutable.
 *
 * @param header the header whose value names the tenant; without it, a request counts for its key
 * @param trustedProxies the addresses from which the header counts; from any other it is ignored
 * @param byDefault the limits of a tenant that {@code limits} does not name
 * @param limits the limits by tenant; what they leave out is taken from {@code byDefault}
 * @param maxTenants the number of tenants that are remembered; the one that was idle for longest is
 *     forgotten first, with what it has used
 */
public record TenantRule(
    String header,
    List<Cidr> trustedProxies,
    ClientLimits byDefault,
    Map<String, ClientLimits> limits,
    int maxTenants) {
  /** The number of tenants that are remembered unless it is set. */
  public static final int DEFAULT_MAX_TENANTS = 10_000;

  /** Copies the collections. */
  public TenantRule {
    trustedProxies = List.copyOf(trustedProxies);
    limits = Map.copyOf(limits);
    if (maxTenants < 1) {
      throw new IllegalArgumentException("max_tenants must be positive, was " + maxTenants);
    }
  }

  boolean trusts(String peer) {
    return trustedProxies.stream().anyMatch(block -> block.contains(peer));
  }

  ClientLimits of(String tenant) {
    return limits.getOrDefault(tenant, ClientLimits.NONE).orElse(byDefault);
  }
}
