package io.github.openaikserve.internal.resilience;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import java.time.Duration;
import java.util.Optional;

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

  /**
   * Returns the result of a health check that the server answered.
   *
   * @param ready whether the server is ready; empty if it does not report this
   */
  public static HealthCheck answered(Optional<Boolean> ready) {
    return ready.orElse(true)
        ? HEALTHY
        : new HealthCheck(Result.NOT_READY, "the server reports that it is not ready");
  }

  /**
   * Returns the result of a health check that failed.
   *
   * @param failure the exception, without a wrapper of futures
   */
  public static HealthCheck failed(Throwable failure) {
    Result result = Result.UNREACHABLE;
    if (failure instanceof BackendException backend) {
      if (backend.backendCode() == BackendCode.DEADLINE_EXCEEDED) {
        result = Result.TIMED_OUT;
      } else if (backend.saidByServer()) {
        if (backend.backendCode() == BackendCode.UNIMPLEMENTED) {
          return HEALTHY; // the server does not implement health checks, but it answers
        }
        result = Result.NOT_READY;
      }
    }
    return new HealthCheck(result, Reasons.of(failure));
  }

  /** Returns the result of a health check that has exceeded its timeout. */
  public static HealthCheck timedOut(Duration timeout) {
    return new HealthCheck(Result.TIMED_OUT, "no answer to a health check within " + timeout);
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
