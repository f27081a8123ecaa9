package io.github.openaikserve.error;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A failure of a call to a model server: of the server itself, or of the connection to it.
 *
 * <p>{@link #saidByServer} tells the two apart. A transport reports a status or an error message of
 * the server with {@link ServerErrors#of}, a server that cannot be reached with {@link
 * #unreachable}, and everything else (an expired time limit, an answer that it cannot read) with a
 * constructor.
 */
public final class BackendException extends OpenAiException {
  private static final long serialVersionUID = 1L;

  private final BackendCode backendCode;
  private final boolean saidByServer;

  /**
   * A failure that the server did not report, before any text arrived.
   *
   * @param message is logged: must not quote the server
   */
  public BackendException(BackendCode code, String message) {
    this(code, message, null);
  }

  /**
   * A failure that the server did not report, before any text arrived.
   *
   * @param message is logged: must not quote the server
   * @param cause for logs; never shown to the caller
   */
  public BackendException(BackendCode code, String message, @Nullable Throwable cause) {
    this(code, message, cause, false, "", null);
  }

  private BackendException(
      BackendCode code,
      String message,
      @Nullable Throwable cause,
      boolean saidByServer,
      String partialText,
      @Nullable Duration retryAfter) {
    super(code.status(), code.type(), code.value(), null, message, cause, retryAfter, partialText);
    this.backendCode = code;
    this.saidByServer = saidByServer;
  }

  /**
   * Returns a failure that the server itself reported.
   *
   * @param message for the caller; may quote the server. {@link ServerErrors#of} makes it of the
   *     server's words
   */
  public static BackendException fromServer(BackendCode code, String message) {
    return new BackendException(code, message, null, true, "", null);
  }

  /**
   * Returns an UNAVAILABLE for a server that cannot be reached.
   *
   * @param reason such as {@code connection refused}; names no host and quotes no server; null when
   *     unknown
   * @param cause for logs; never shown to the caller
   */
  public static BackendException unreachable(@Nullable String reason, @Nullable Throwable cause) {
    return new BackendException(
        BackendCode.UNAVAILABLE,
        "The model server could not be reached" + (reason == null ? "." : ": " + reason + "."),
        cause);
  }

  /** Returns the code of the failure, in gRPC's terms. */
  public BackendCode backendCode() {
    return backendCode;
  }

  /**
   * Returns whether the server itself answered with this failure: with a status of its own, or with
   * an error message on a stream. False for a connection that failed, a time limit of this process,
   * and an answer that cannot be read.
   *
   * <p>A server that reports failures is alive, and the failure may be the request's. A circuit
   * breaker therefore never counts one of these by itself.
   */
  public boolean saidByServer() {
    return saidByServer;
  }

  /** Returns the message; of a failure that the server reported, the code without its words. */
  @Override
  public String loggableMessage() {
    if (!saidByServer) {
      return getMessage();
    }
    return switch (backendCode) {
      case UNAUTHENTICATED, PERMISSION_DENIED -> ServerErrors.CREDENTIALS_REFUSED;
      default -> "The model server reported an error (" + backendCode + ").";
    };
  }

  @Override
  public BackendException withPartialText(String text) {
    return copy(text, retryAfter());
  }

  /** Returns the same failure, after which another try may succeed in {@code retryAfter}. */
  public BackendException withRetryAfter(@Nullable Duration retryAfter) {
    return copy(partialText(), retryAfter);
  }

  private BackendException copy(String text, @Nullable Duration retry) {
    var copy =
        new BackendException(backendCode, getMessage(), getCause(), saidByServer, text, retry);
    copy.setStackTrace(getStackTrace());
    return copy;
  }
}
