package io.github.openaikserve.server;

/** The paths by which a server is asked how it is. */
final class Health {
  private static final String ROOT = "/health";
  private static final String READY = "/health/ready";

  private Health() {}

  /** Whether it is one of them, which are open to all, and to the end. */
  static boolean isAsked(String path) {
    return path.equals(ROOT) || path.startsWith(ROOT + "/");
  }

  /** Whether it is one that must fail before the server stops. */
  static boolean isReadiness(String path) {
    return path.equals(ROOT) || path.equals(READY);
  }
}
