package io.github.openaikserve.resilience;

import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;

/**
 * The conclusion that the end of a call permits about its endpoint.
 *
 * <p>Whatever a caller can bring about by a request, a time limit or a cancellation is never a
 * fault of the endpoint.
 */
enum CallOutcome {
  /** The endpoint answered to the end. */
  SUCCESS,
  /** The endpoint began to answer, and the caller ended the call. */
  ANSWERED,
  /** The endpoint could not be reached, or the connection was lost. */
  UNREACHABLE,
  /** The endpoint broke the protocol or missed a time limit of the service. */
  FAULT,
  /** The server reported that it, or the model, is unavailable. */
  UNAVAILABLE,
  /** The server refused the request for a reason that need not be the request's. */
  REJECTED,
  /** The end says nothing about the endpoint. */
  IGNORED;

  /** Returns the outcome of a call that ended with a failure, before or after responses. */
  static CallOutcome of(Throwable failure) {
    if (failure instanceof BackendException backend) {
      return backend.saidByServer() ? reported(backend) : observed(backend);
    }
    return failure instanceof DialectException ? FAULT : IGNORED;
  }

  /** The server's own words count against a model of an endpoint, and only together. */
  private static CallOutcome reported(BackendException failure) {
    return switch (failure.backendCode()) {
      case UNAVAILABLE -> UNAVAILABLE;
      case CANCELLED -> FAULT; // callers who cancel receive no failure
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
   * Returns the outcome of a call that its owner cancelled because of the server.
   *
   * @param reason a missed time limit of the service, or a response that cannot be decoded
   */
  static CallOutcome ofCancellation(Throwable reason) {
    return reason instanceof BackendException || reason instanceof DialectException
        ? FAULT
        : IGNORED;
  }
}
