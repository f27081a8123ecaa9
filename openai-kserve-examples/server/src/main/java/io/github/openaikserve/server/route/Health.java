package io.github.openaikserve.server.route;

/** The health checks of load balancers, orchestrators and clients. */
public final class Health {
  private static final String ROOT = "/health";
  private static final String READY = "/health/ready";
  private static final String OPTIONS = "OPTIONS";

  private Health() {}

  /** Returns a path without its query string. */
  public static String withoutQuery(String path) {
    int query = path.indexOf('?');
    return query < 0 ? path : path.substring(0, query);
  }

  /** Returns whether a request is a health check: needs no key, is answered during shutdown. */
  public static boolean isAsked(String method, String target) {
    String path = withoutQuery(target);
    return path.equals(ROOT)
        || path.startsWith(ROOT + "/")
        || isOfWhole(method, path)
        || isOfConnection(method, path);
  }

  /** Returns whether a request is a readiness check, which must fail before the server stops. */
  public static boolean isReadiness(String method, String path) {
    return path.equals(ROOT) || path.equals(READY) || isOfWhole(method, path);
  }

  /** Returns whether this is the check that Claude Code sends before its first request. */
  private static boolean isOfConnection(String method, String path) {
    return method.equals("HEAD") && path.equals("/");
  }

  /** Returns whether this is HAProxy's default check. */
  private static boolean isOfWhole(String method, String path) {
    return method.equals(OPTIONS) && (path.equals("/") || path.equals("*"));
  }
}
