package io.github.openaikserve.server.limits;

import org.jspecify.annotations.Nullable;

/**
 * Whom a request counts for. Immutable.
 *
 * @param limits the limits of the account
 * @param key the limits of the key, whose models a tenant may not exceed
 * @param owner of what the request stores; null where no keys are set and no tenant is named
 */
record Party(ClientAccount account, ClientLimits limits, ClientLimits key, @Nullable String owner) {
  boolean allows(String model) {
    return limits.allows(model) && key.allows(model);
  }

  boolean isRestricted() {
    return !limits.models().isEmpty() || !key.models().isEmpty();
  }

  /** Returns whether the body of a request has to be read to apply the limits. */
  boolean needsBody() {
    return isRestricted() || limits.tokensPerMinute() != null;
  }
}
