package io.github.openaikserve.server.limits;

import java.util.Set;

/**
 * The owner of an API key. Immutable.
 *
 * @param name the name in metrics, logs and the status; never the key. Keys with the same name
 *     share their limits.
 * @param scopes what the client may do in addition to requests for models
 */
public record Client(String name, Set<Scope> scopes, ClientLimits limits) {
  /** The client of every request where no keys are set. */
  public static final Client ANONYMOUS = new Client("anonymous", Set.of(), ClientLimits.NONE);

  /** Copies the set. */
  public Client {
    scopes = Set.copyOf(scopes);
  }
}
