package io.github.openaikserve.resilience;

/**
 * The result of a health check of one endpoint. Immutable.
 *
 * @param reason what happened, without names of hosts; empty when the endpoint is healthy
 */
record HealthCheck(Result result, String reason) {
  static final HealthCheck UNKNOWN = new HealthCheck(Result.UNKNOWN, "");
  static final HealthCheck HEALTHY = new HealthCheck(Result.HEALTHY, "");
  static final HealthCheck CLOSED =
      new HealthCheck(Result.UNREACHABLE, "the endpoint is no longer in use");

  /** The kinds of result. */
  enum Result {
    /** No health check has ended yet. */
    UNKNOWN,
    /** The server is ready, or has no procedure that says so. */
    HEALTHY,
    /** The server reports that it is not ready. */
    NOT_READY,
    /** The server cannot be reached. */
    UNREACHABLE,
    /** The server did not answer in time. */
    TIMED_OUT
  }

  boolean isHealthy() {
    return result == Result.HEALTHY;
  }

  /** Returns whether calls may be sent as far as health checks can tell. */
  boolean permitsCalls() {
    return result == Result.HEALTHY || result == Result.UNKNOWN;
  }

  /** Returns whether a call would reach the server, ready or not. */
  boolean isReachable() {
    return permitsCalls() || result == Result.NOT_READY;
  }
}
