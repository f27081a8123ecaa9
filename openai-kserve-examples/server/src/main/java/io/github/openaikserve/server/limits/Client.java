package io.github.openaikserve.server.limits;

/**
 * The owner of an API key. Immutable.
 *
 * @param name the name in metrics, logs and the status; never the key. Keys with the same name
 *     share their limits.
 * @param operator whether the client may read the status of the server
 */
public record Client(String name, boolean operator, ClientLimits limits) {
  /** The client of every request where no keys are set. */
  public static final Client ANONYMOUS = new Client("anonymous", false, ClientLimits.NONE);
}
