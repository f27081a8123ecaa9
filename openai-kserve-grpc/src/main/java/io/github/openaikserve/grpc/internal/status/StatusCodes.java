package io.github.openaikserve.grpc.internal.status;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.ServerErrors;
import io.grpc.Status;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Maps gRPC statuses, and error messages on a stream, to exceptions. */
public final class StatusCodes {
  private static final Logger log = LoggerFactory.getLogger(StatusCodes.class);
  private static final int LOGGED = 1000;

  /** More than any real chain of causes has; bounds a circular one. */
  private static final int MAX_CAUSES = 20;

  private static final String HTTP_STATUS = "HTTP status code ";

  private StatusCodes() {}

  /** Returns the exception for a call that has exceeded its time limit in this process. */
  public static BackendException deadlineExceeded() {
    return exception(Status.DEADLINE_EXCEEDED, false);
  }

  /**
   * Returns the exception for a status other than OK.
   *
   * @param fromServer whether the server sent the status; otherwise the channel created it
   */
  public static BackendException exception(Status status, boolean fromServer) {
    String description = status.getDescription() == null ? "" : status.getDescription();
    log.debug(
        "call failed status={} fromServer={} description=\"{}\"",
        status.getCode(),
        fromServer,
        truncated(description, LOGGED));
    BackendCode code = BackendCode.valueOf(status.getCode().name());
    return fromServer ? ServerErrors.of(code, description) : ofChannel(code, description, status);
  }

  /** Returns the exception for an error message on a stream, which has no code. */
  public static BackendException errorMessage(String message) {
    log.debug("stream failed description=\"{}\"", truncated(message, LOGGED));
    return ServerErrors.of(BackendCode.UNKNOWN, message);
  }

  /** Returns the exception for a unary call that ended with OK but without a response. */
  public static BackendException withoutAnswer() {
    return new BackendException(
        BackendCode.INTERNAL, "The model server ended the call with OK, but without a response.");
  }

  private static BackendException ofChannel(BackendCode code, String description, Status status) {
    RuntimeException cause = status.asRuntimeException();
    return switch (code) {
      // gRPC's description names sockets and hosts, which callers must not see.
      case UNAVAILABLE -> BackendException.unreachable(reason(status.getCause()), cause);
      case UNIMPLEMENTED ->
          // HTTP 404 comes from a proxy or another port of the server: the request is not the
          // cause.
          description.startsWith(HTTP_STATUS)
              ? ServerErrors.of(code, "")
              : failed(code, description, cause);
      case DEADLINE_EXCEEDED ->
          new BackendException(code, "The model server did not answer in time.", cause);
      default -> failed(code, description, cause);
    };
  }

  /** Returns why a connection failed, without addresses or other details of the network. */
  public static String reason(Status status) {
    String reason = reason(status.getCause());
    return reason == null ? "connection lost" : reason;
  }

  private static @Nullable String reason(@Nullable Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .limit(MAX_CAUSES)
        .map(StatusCodes::reasonOf)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private static @Nullable String reasonOf(Throwable failure) {
    if (failure instanceof ConnectException || failure instanceof SocketTimeoutException) {
      // Netty's exception for a connection that times out is a ConnectException, too.
      String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
      return message.contains("refused") ? "connection refused" : "connection timed out";
    }
    if (failure instanceof UnknownHostException) {
      return "unknown host";
    }
    if (failure instanceof NoRouteToHostException) {
      return "no route to host";
    }
    return failure instanceof SSLException ? "TLS handshake failed" : null;
  }

  /** Returns the code of a failure; null if it is not a {@link BackendException}. */
  public static @Nullable BackendCode code(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof BackendException backend ? backend.backendCode() : null;
  }

  private static BackendException failed(
      BackendCode code, String description, RuntimeException cause) {
    return new BackendException(
        code, "The call to the model server failed: " + code + detail(description) + ".", cause);
  }

  /** Returns only the first line, which is gRPC's own: further ones may quote a proxy's answer. */
  private static String detail(String description) {
    String line = truncated(description.lines().findFirst().orElse("").strip(), 100);
    return line.isEmpty() ? "" : " (" + line + ")";
  }

  private static String truncated(String text, int length) {
    String clean = text.length() > length ? text.substring(0, length) + "..." : text;
    return clean.replaceAll("\\p{Cntrl}", " ");
  }
}
