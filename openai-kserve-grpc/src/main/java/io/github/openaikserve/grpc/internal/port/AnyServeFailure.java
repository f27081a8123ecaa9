package io.github.openaikserve.grpc.internal.port;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.grpc.internal.status.CallStatus;
import io.github.openaikserve.grpc.internal.status.StatusCodes;
import io.github.openaikserve.grpc.internal.status.StatusOrigin;
import io.github.openaikserve.kserve.InferRequest;
import io.grpc.Status;
import java.util.concurrent.CompletionException;

/** Failures of a server whose dispatcher and worker answer at different ports. */
final class AnyServeFailure {
  private AnyServeFailure() {}

  /**
   * Returns the failure of a stream at its own port.
   *
   * @param dispatcher whether the server is known as AnyServe
   */
  static RuntimeException ofStream(ChannelLease lease, CallStatus attempt, boolean dispatcher) {
    CallStatus before = lease.before();
    boolean unreachable =
        attempt.origin() == StatusOrigin.CONNECTION
            && attempt.status().getCode() == Status.Code.UNAVAILABLE;
    if (before == null) {
      return unreachable && dispatcher ? workerUnreachable("The", attempt) : attempt.failure();
    }
    if (unreachable && before.isUnimplemented()) {
      return dispatcher
          ? workerUnreachable("The AnyServe dispatcher answers, but the", attempt)
          : unreachable(
              "The model server answers, but its stream port cannot be reached (%s).", attempt);
    }
    return unreachable ? before.failure() : attempt.failure();
  }

  /** Returns the failure of a readiness probe at the stream port of a known dispatcher. */
  static Throwable ofProbe(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof BackendException backend
        && backend.backendCode() == BackendCode.UNAVAILABLE
        && !backend.saidByServer()) {
      return new BackendException(
          BackendCode.UNAVAILABLE,
          "The stream port of the AnyServe worker cannot be reached (%s): the worker is loading or down."
              .formatted(StatusCodes.reason(Status.fromThrowable(backend))),
          backend);
    }
    return failure;
  }

  private static BackendException workerUnreachable(String beginning, CallStatus attempt) {
    return unreachable(
        beginning
            + " stream port of the AnyServe worker cannot be reached (%s):"
            + " the worker is loading or down.",
        attempt);
  }

  private static BackendException unreachable(String message, CallStatus attempt) {
    return new BackendException(
        BackendCode.UNAVAILABLE,
        message.formatted(StatusCodes.reason(attempt.status())),
        attempt.status().asRuntimeException());
  }

  /**
   * Returns the failure of a call at a dispatcher that cannot be reached. The worker may still
   * answer streams, so this counts as a report about the capability, not as a lost endpoint.
   */
  static BackendException dispatcherUnreachable(CallStatus attempt) {
    return BackendException.fromServer(
        BackendCode.UNAVAILABLE,
        "The AnyServe dispatcher cannot be reached (%s); only streams can be answered."
            .formatted(StatusCodes.reason(attempt.status())));
  }

  /** Returns the failure of a unary call for which the dispatcher has no worker. */
  static BackendException notRegistered(InferRequest request) {
    String version = request.modelVersion();
    return BackendException.fromServer(
        BackendCode.UNAVAILABLE,
        "AnyServe has no worker registered for '%s' yet."
            .formatted(
                version.isEmpty() ? request.modelName() : request.modelName() + ":" + version));
  }
}
