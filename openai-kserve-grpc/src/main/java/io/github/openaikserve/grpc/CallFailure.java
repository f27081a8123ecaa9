package io.github.openaikserve.grpc;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.grpc.Metadata;
import io.grpc.Status;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Maps the statuses that end calls to exceptions. */
final class CallFailure {
  private static final Metadata.Key<String> PUSH_BACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private CallFailure() {}

  /** Returns the exception for a status other than OK. */
  static BackendException of(Status status, StatusOrigin origin, Metadata trailers) {
    BackendException failure = exception(status, origin);
    Duration pushBack = pushBack(trailers);
    return pushBack == null ? failure : failure.withRetryAfter(pushBack);
  }

  /** Returns the exception for a unary call that ended with OK but without a response. */
  static BackendException withoutAnswer() {
    return new BackendException(
        BackendCode.INTERNAL, "The model server ended the call with OK, but without a response.");
  }

  private static BackendException exception(Status status, StatusOrigin origin) {
    if (status.getCode() == Status.Code.CANCELLED) {
      return new BackendException(
          BackendCode.CANCELLED,
          "The model server cancelled the call.",
          status.asRuntimeException());
    }
    if (origin == StatusOrigin.LOCAL && status.getCode() == Status.Code.UNAVAILABLE) {
      String words = String.valueOf(status.getDescription());
      if (words.startsWith(StatusOrigin.CHANNEL_SHUTDOWN)) {
        return new BackendException(
            BackendCode.UNAVAILABLE, "The backend is closed.", status.asRuntimeException());
      }
    }
    if (origin == StatusOrigin.CONNECTION && isLost(status)) {
      return BackendException.unreachable(reason(status), status.asRuntimeException());
    }
    return StatusCodes.exception(status, origin == StatusOrigin.SERVER);
  }

  /**
   * Returns whether the connection could not be made or was lost. gRPC reports a connection that is
   * closed while a call is written as UNKNOWN.
   *
   * <p><b>Source:</b> grpc/grpc-java, netty/.../Utils.java, {@code statusFromThrowable}.
   */
  private static boolean isLost(Status status) {
    return status.getCode() == Status.Code.UNAVAILABLE
        || (status.getCode() == Status.Code.UNKNOWN
            && status.getCause() instanceof ClosedChannelException);
  }

  /** Returns why a connection failed, without addresses or other details of the network. */
  static String reason(Status status) {
    String reason = ConnectionFailure.reason(status.getCause());
    return reason == null ? "connection lost" : reason;
  }

  /** Returns how long the server asks callers to wait before a retry; null if it does not. */
  private static @Nullable Duration pushBack(Metadata trailers) {
    String millis = trailers.get(PUSH_BACK);
    if (millis == null || !millis.matches("[0-9]{1,9}")) {
      return null; // a negative number means that the call must not be retried
    }
    return Duration.ofMillis(Long.parseLong(millis));
  }
}
