package io.github.openaikserve.internal.resilience;

/**
 * The result of a health check of one endpoint. Immutable.
 *
 * @param reason the reason of a failure, without host names; empty if the endpoint is healthy
 */
public record HealthCheck(Result result, String reason) {
  public static final HealthCheck UNKNOWN = new HealthCheck(Result.UNKNOWN, "");
  public static final HealthCheck HEALTHY = new HealthCheck(Result.HEALTHY, "");
  public static final HealthCheck CLOSED =
      new HealthCheck(Result.UNREACHABLE, "the endpoint is no longer in use");

  /** The kinds of result. */
  public enum Result {
    /** No health check has completed yet. */
    UNKNOWN,
    /** The server is ready, or does not implement the readiness RPC. */
    HEALTHY,
    /** The server reports that it is not ready. */
    NOT_READY,
    /** The server cannot be reached. */
    UNREACHABLE,
    /** The server did not answer in time. */
    TIMED_OUT
  }

  public boolean isHealthy() {
    return result == Result.HEALTHY;
  }

  /** Returns whether health checks permit sending calls. */
  public boolean permitsCalls() {
    return result == Result.HEALTHY || result == Result.UNKNOWN;
  }

  /** Returns whether a call would reach the server, even if the server is not ready. */
  public boolean isReachable() {
    return permitsCalls() || result == Result.NOT_READY;
  }
}
