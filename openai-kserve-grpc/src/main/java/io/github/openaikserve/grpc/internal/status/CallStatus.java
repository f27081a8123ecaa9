package io.github.openaikserve.grpc.internal.status;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.grpc.Metadata;
import io.grpc.Status;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;

/** The status that ended a call, with its origin. */
public record CallStatus(Status status, StatusOrigin origin, Metadata trailers) {
  private static final Metadata.Key<String> PUSH_BACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  public boolean isFromServer(Status.Code code) {
    return origin == StatusOrigin.SERVER && status.getCode() == code;
  }

  /** Returns whether the server does not implement the RPC. */
  public boolean isUnimplemented() {
    return isFromServer(Status.Code.UNIMPLEMENTED);
  }

  /**
   * Returns the exception for a status other than OK. It has the time that the server asks callers
   * to wait before a retry.
   */
  public BackendException failure() {
    String millis = trailers.get(PUSH_BACK);
    boolean pushedBack = millis != null && millis.matches("[0-9]{1,9}"); // negative: no retry
    return pushedBack
        ? exception().withRetryAfter(Duration.ofMillis(Long.parseLong(millis)))
        : exception();
  }

  private BackendException exception() {
    if (status.getCode() == Status.Code.CANCELLED) {
      return new BackendException(
          BackendCode.CANCELLED,
          "The model server cancelled the call.",
          status.asRuntimeException());
    }
    if (origin == StatusOrigin.LOCAL
        && status.getCode() == Status.Code.UNAVAILABLE
        && String.valueOf(status.getDescription()).startsWith(StatusOrigin.CHANNEL_SHUTDOWN)) {
      return new BackendException(
          BackendCode.UNAVAILABLE, "The backend is closed.", status.asRuntimeException());
    }
    return origin == StatusOrigin.CONNECTION && isLost()
        ? BackendException.unreachable(StatusCodes.reason(status), status.asRuntimeException())
        : StatusCodes.exception(status, origin == StatusOrigin.SERVER);
  }

  /**
   * Returns whether the connection could not be made or was lost. gRPC reports a connection that is
   * closed while a call is written as UNKNOWN.
   *
   * <p><b>Source:</b> grpc/grpc-java, netty/.../Utils.java, {@code statusFromThrowable}.
   */
  private boolean isLost() {
    return status.getCode() == Status.Code.UNAVAILABLE
        || (status.getCode() == Status.Code.UNKNOWN
            && status.getCause() instanceof ClosedChannelException);
  }
}
