package io.github.openaikserve.server.limits;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The accounts of clients by name, of which the one that was not used for longest is forgotten
 * first. Thread-safe.
 */
final class ClientAccounts {
  private static final float LOAD_FACTOR = 0.75f;

  private final MeterRegistry registry;

  // Guarded by this; in the order of use.
  private final Map<String, ClientAccount> accounts = new LinkedHashMap<>(16, LOAD_FACTOR, true);

  private int max;

  ClientAccounts(int max, MeterRegistry registry) {
    this.max = max;
    this.registry = registry;
  }

  /** Sets how many clients are remembered, from the next new client on. */
  synchronized void max(int max) {
    this.max = max;
  }

  /** Returns the account of a name; a new one if the name is not known. */
  synchronized ClientAccount of(String name) {
    ClientAccount account = accounts.get(name);
    if (account == null) {
      while (accounts.size() >= max && forgetOne()) {
        // also after the maximum was lowered
      }
      account = new ClientAccount(name, registry);
      accounts.put(name, account);
    }
    return account;
  }

  /** One with a request in flight stays: its limit would begin anew. */
  private boolean forgetOne() {
    for (Iterator<ClientAccount> eldest = accounts.values().iterator(); eldest.hasNext(); ) {
      ClientAccount account = eldest.next();
      if (account.inFlight() == 0) {
        eldest.remove();
        account.forget();
        return true;
      }
    }
    return false;
  }

  /** Returns the usage of every client, of the one that was used last at the end. */
  synchronized List<ClientUsage> usage() {
    return accounts.values().stream().map(ClientAccount::usage).toList();
  }
}
