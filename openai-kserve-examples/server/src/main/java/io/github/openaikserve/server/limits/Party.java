package io.github.openaikserve.server.limits;

/**
 * The account and the limits of a request. Immutable.
 *
 * @param account the account of the key or of the tenant
 * @param limits the limits of the account
 * @param key the limits of the key; a tenant can use only the models of the key
 */
record Party(ClientAccount account, ClientLimits limits, ClientLimits key) {
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
