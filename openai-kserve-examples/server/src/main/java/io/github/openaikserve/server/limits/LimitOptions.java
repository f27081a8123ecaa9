package io.github.openaikserve.server.limits;

import java.util.Map;
import java.util.Optional;

/**
 * The limits of all clients. Immutable.
 *
 * @param byDefault the limits of each client that has none of its own; without keys, of all
 *     requests together
 * @param clients the limits by the name of a key; the limits in the file of keys come first
 * @param tenants how requests are counted by tenant; empty for by key only
 */
public record LimitOptions(
    ClientLimits byDefault, Map<String, ClientLimits> clients, Optional<TenantRule> tenants) {
  /** No limits but those in the file of keys. */
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
