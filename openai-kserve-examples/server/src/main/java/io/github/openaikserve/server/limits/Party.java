package io.github.openaikserve.server.limits;

import org.jspecify.annotations.Nullable;

/**
 * The account and the limits of a request. Immutable.
 *
 * @param account the account of the key or of the tenant
 * @param limits the limits of the account
 * @param key the limits of the key, whose models a tenant may not exceed
 * @param owner the owner of stored responses and conversations; null if no keys are configured and
 *     no tenant is named
 */
record Party(ClientAccount account, ClientLimits limits, ClientLimits key, @Nullable String owner) {
  boolean allows(String model) {
    return limits.allows(model) && key.allows(model);
  }

  boolean isRestricted() {
    return !limits.models().isEmpty() || !key.models().isEmpty();
  }

  /** Returns whether the limits depend on the body of the request. */
  boolean needsBody() {
    return isRestricted() || limits.tokensPerMinute() != null;
  }
}
