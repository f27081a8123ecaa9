package io.github.openaikserve.server.limits;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The accounts of clients by name. Above a maximum, the least recently used account is removed.
 * Thread-safe.
 */
final class ClientAccounts {
  private static final float LOAD_FACTOR = 0.75f;

  private final MeterRegistry registry;

  // Guarded by this; least recently used first.
  private final Map<String, ClientAccount> accounts = new LinkedHashMap<>(16, LOAD_FACTOR, true);

  private int max;

  ClientAccounts(int max, MeterRegistry registry) {
    this.max = max;
    this.registry = registry;
  }

  /** Sets the maximum number of accounts, which applies when the next account is added. */
  synchronized void max(int max) {
    this.max = max;
  }

  /** Returns the account with this name; creates it if it does not exist. */
  synchronized ClientAccount of(String name) {
    ClientAccount account = accounts.get(name);
    if (account == null) {
      while (accounts.size() >= max && removeOne()) {
        // several rounds after the maximum was lowered
      }
      account = new ClientAccount(name, registry);
      accounts.put(name, account);
    }
    return account;
  }

  /** Removes the least recently used account without requests in flight, if there is one. */
  private boolean removeOne() {
    for (Iterator<ClientAccount> eldest = accounts.values().iterator(); eldest.hasNext(); ) {
      ClientAccount account = eldest.next();
      if (account.inFlight() == 0) {
        eldest.remove();
        account.meters().remove();
        return true;
      }
    }
    return false;
  }

  /** Returns the usage of every client, the least recently used one first. */
  synchronized List<ClientUsage> usage() {
    return accounts.values().stream().map(ClientAccount::usage).toList();
  }
}
