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

  private final int max;
  private final MeterRegistry registry;

  // Guarded by this; in the order of use.
  private final Map<String, ClientAccount> accounts = new LinkedHashMap<>(16, LOAD_FACTOR, true);

  ClientAccounts(int max, MeterRegistry registry) {
    this.max = max;
    this.registry = registry;
  }

  /** Returns the account of a name; a new one if the name is not known. */
  synchronized ClientAccount of(String name) {
    ClientAccount account = accounts.get(name);
    if (account == null) {
      if (accounts.size() >= max) {
        forgetOne();
      }
      account = new ClientAccount(name, registry);
      accounts.put(name, account);
    }
    return account;
  }

  /** One with a request in flight stays: its limit would begin anew. */
  private void forgetOne() {
    for (Iterator<ClientAccount> eldest = accounts.values().iterator(); eldest.hasNext(); ) {
      ClientAccount account = eldest.next();
      if (account.inFlight() == 0) {
        eldest.remove();
        account.forget();
        return;
      }
    }
  }

  /** Returns the usage of every client, of the one that was used last at the end. */
  synchronized List<ClientUsage> usage() {
    return accounts.values().stream().map(ClientAccount::usage).toList();
  }
}
