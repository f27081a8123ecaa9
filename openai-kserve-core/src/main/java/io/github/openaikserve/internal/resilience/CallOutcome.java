package io.github.openaikserve.internal.resilience;

import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;

/**
 * The conclusion that the end of a call allows about its endpoint.
 *
 * <p>A failure that a caller can cause by a request, a time limit or a cancellation never counts as
 * a fault of the endpoint.
 */
public enum CallOutcome {
  /** The endpoint answered completely. */
  SUCCESS,
  /** The endpoint started to answer, and the caller ended the call. */
  ANSWERED,
  /** The endpoint could not be reached, or the connection was lost. */
  UNREACHABLE,
  /** The endpoint violated the protocol or exceeded a time limit of the service. */
  FAULT,
  /** The server reported that it, or the model, is unavailable. */
  UNAVAILABLE,
  /** The server rejected the request, but the request may not be the cause. */
  REJECTED,
  /** The end shows nothing about the endpoint. */
  IGNORED;

  /** Returns the outcome of a call that ended with a failure, before or after responses. */
  public static CallOutcome of(Throwable failure) {
    if (failure instanceof BackendException backend) {
      return backend.saidByServer() ? reported(backend) : observed(backend);
    }
    return failure instanceof DialectException ? FAULT : IGNORED;
  }

  /**
   * Returns the outcome of a failure that the server reported. Only several such failures together
   * count, and only against one model of the endpoint.
   */
  private static CallOutcome reported(BackendException failure) {
    return switch (failure.backendCode()) {
      case UNAVAILABLE -> UNAVAILABLE;
      case CANCELLED -> FAULT; // a caller that cancels receives no failure, so the server cancelled
      case UNKNOWN,
          INTERNAL,
          DATA_LOSS,
          NOT_FOUND,
          FAILED_PRECONDITION,
          ABORTED,
          UNIMPLEMENTED,
          UNAUTHENTICATED,
          PERMISSION_DENIED ->
          REJECTED;
      default -> IGNORED;
    };
  }

  private static CallOutcome observed(BackendException failure) {
    return switch (failure.backendCode()) {
      case UNAVAILABLE -> UNREACHABLE;
      case UNKNOWN, INTERNAL, DATA_LOSS, CANCELLED -> FAULT;
      default -> IGNORED;
    };
  }

  /**
   * Returns the outcome of a call that this service cancelled because of the server.
   *
   * @param reason an exceeded time limit of the service, or a response that cannot be decoded
   */
  public static CallOutcome ofCancellation(Throwable reason) {
    return reason instanceof BackendException || reason instanceof DialectException
        ? FAULT
        : IGNORED;
  }
}
