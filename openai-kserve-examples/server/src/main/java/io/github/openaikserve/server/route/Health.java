package io.github.openaikserve.server.route;

/** The requests by which load balancers and orchestrators check a server. */
public final class Health {
  private static final String ROOT = "/health";
  private static final String READY = "/health/ready";
  private static final String OPTIONS = "OPTIONS";

  private Health() {}

  /** Returns a path without its query string. */
  static String withoutQuery(String path) {
    int query = path.indexOf('?');
    return query < 0 ? path : path.substring(0, query);
  }

  /** Returns whether a request is a check, which needs no key and is answered to the end. */
  public static boolean isAsked(String method, String target) {
    String path = withoutQuery(target);
    return path.equals(ROOT)
        || path.startsWith(ROOT + "/")
        || isOfWhole(method, path)
        || isOfConnection(method, path);
  }

  /** Returns whether a request is a check that must fail before the server stops. */
  public static boolean isReadiness(String method, String path) {
    return path.equals(ROOT) || path.equals(READY) || isOfWhole(method, path);
  }

  /** Claude Code's check, before its first request. */
  private static boolean isOfConnection(String method, String path) {
    return method.equals("HEAD") && path.equals("/");
  }

  /** HAProxy's check unless another is configured. */
  private static boolean isOfWhole(String method, String path) {
    return method.equals(OPTIONS) && (path.equals("/") || path.equals("*"));
  }
}
