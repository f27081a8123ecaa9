package io.github.openaikserve.server.limits;

import io.github.openaikserve.server.options.Setting;
import java.util.Map;
import java.util.Optional;

/**
 * The limits of all clients. Immutable.
 *
 * @param byDefault the limits of each client for which no others are set; without keys, the limits
 *     of all requests together
 * @param clients the limits by the name of a key; limits in the API key file override them
 * @param tenants the rule that assigns requests to tenants; empty to count by key only
 */
public record LimitOptions(
    ClientLimits byDefault,
    @Setting(
            value =
                "Limits by the name of an API key, each with the four options above; limits in the"
                    + " API key file override them.",
            unset = "those of all clients")
        Map<String, ClientLimits> clients,
    @Setting(
            value = "Limits by tenant: a header of a trusted proxy names the tenant of a request.",
            unset = "limits by key")
        Optional<TenantRule> tenants) {
  /** No limits, except those in the API key file. */
  public static final LimitOptions DEFAULT =
      new LimitOptions(ClientLimits.NONE, Map.of(), Optional.empty());

  /** Copies the map. */
  public LimitOptions {
    clients = Map.copyOf(clients);
  }

  ClientLimits of(Client client) {
    return client
        .limits()
        .orElse(clients.getOrDefault(client.name(), ClientLimits.NONE))
        .orElse(byDefault);
  }
}
