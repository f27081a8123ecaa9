package io.github.openaikserve.server.limits;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiRequest;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the account and the limits of each request. Thread-safe. */
final class Parties {
  private static final Pattern TENANT = Pattern.compile("[\\x21-\\x7e]{1,64}");

  private final LimitOptions options;
  private final @Nullable TenantRule rule;
  private final Function<ApiRequest, @Nullable Client> clients;
  private final ClientAccounts keys;
  private final ClientAccounts tenants;

  Parties(
      LimitOptions options,
      Function<ApiRequest, @Nullable Client> clients,
      ClientAccounts keys,
      ClientAccounts tenants) {
    this.options = options;
    this.rule = options.tenants().orElse(null);
    this.clients = clients;
    this.keys = keys;
    this.tenants = tenants;
    if (rule != null) {
      tenants.max(rule.maxTenants());
    }
  }

  /**
   * Returns the account and the limits of a request.
   *
   * @throws InvalidRequestException if a trusted proxy sends an invalid name of a tenant
   */
  Party of(ApiRequest request) {
    Client known = clients.apply(request);
    Client client = known == null ? Client.ANONYMOUS : known;
    ClientLimits key = options.of(client);
    if (rule != null) {
      String tenant = tenant(request, rule);
      if (tenant != null) {
        String name = "tenant:" + tenant;
        return new Party(tenants.of(name), rule.of(tenant), key, name);
      }
    }
    String owner = known == null ? null : "key:" + client.name();
    return new Party(keys.of(client.name()), key, key, owner);
  }

  private static @Nullable String tenant(ApiRequest request, TenantRule rule) {
    List<String> names = request.headers().getOrDefault(rule.header(), List.of());
    String peer = request.header(PeerAddress.HEADER);
    if (names.isEmpty() || peer == null || !rule.trusts(peer)) {
      return null;
    }
    String name = names.get(0).strip();
    if (names.size() > 1 || !TENANT.matcher(name).matches()) {
      throw InvalidRequestException.badValue(
          null,
          "invalid_header",
          "The header %s must be sent once, with 1 to 64 visible ASCII characters."
              .formatted(rule.header()));
    }
    return name;
  }
}
