package io.github.openaikserve.grpc;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.grpc.Metadata;
import io.grpc.Status;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Statuses that end a call, as exceptions. */
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

  /** Returns the exception for a unary call that ended well and had no answer. */
  static BackendException withoutAnswer() {
    return new BackendException(
        BackendCode.INTERNAL, "The model server ended the call without an answer.");
  }

  private static BackendException exception(Status status, StatusOrigin origin) {
    if (status.getCode() == Status.Code.CANCELLED) {
      return new BackendException(
          BackendCode.CANCELLED,
          "The model server cancelled the call.",
          status.asRuntimeException());
    }
    if (origin == StatusOrigin.CONNECTION && status.getCode() == Status.Code.UNAVAILABLE) {
      return new BackendException(
          BackendCode.UNAVAILABLE,
          "The model server could not be reached: %s.".formatted(reason(status)),
          status.asRuntimeException());
    }
    return StatusCodes.exception(status);
  }

  /** Returns why a connection failed, without addresses or other details of the network. */
  static String reason(Status status) {
    for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
      String reason = reason(cause);
      if (reason != null) {
        return reason;
      }
    }
    return "connection lost";
  }

  private static @Nullable String reason(Throwable cause) {
    String message = cause.getMessage() == null ? "" : cause.getMessage().toLowerCase(Locale.ROOT);
    if (cause instanceof UnknownHostException) {
      return "the host name cannot be resolved";
    }
    if (cause instanceof NoRouteToHostException) {
      return "no route to the host";
    }
    if (cause instanceof SSLException) {
      return "the TLS handshake failed";
    }
    if (cause instanceof ConnectException) {
      return message.contains("timed out") ? "connecting timed out" : "connection refused";
    }
    return null;
  }

  /** Returns how long the server wants callers to wait; null if it does not say. */
  private static @Nullable Duration pushBack(Metadata trailers) {
    String millis = trailers.get(PUSH_BACK);
    if (millis == null || !millis.matches("[0-9]{1,9}")) {
      return null; // a negative number means: not again
    }
    return Duration.ofMillis(Long.parseLong(millis));
  }
}
