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

  private static final String METHOD_MISSING =
      "The model server does not have the gRPC method that was called (UNIMPLEMENTED)."
          + " Check the 'service' that is configured for it, such as"
          + " inference.GRPCInferenceService, and that the port is its gRPC port.";

  private final BackendCode backendCode;
  private final boolean saidByServer;
  private final @Nullable String endpoint;

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
    super(code.status(), code.type(), code.value(), null, message, cause);
    this.backendCode = code;
    this.saidByServer = false;
    this.endpoint = null;
  }

  /** A failure that the server reported. */
  private BackendException(BackendCode code, int status, String type, String message) {
    super(status, type, code.value(), null, message, null);
    this.backendCode = code;
    this.saidByServer = true;
    this.endpoint = null;
  }

  /** Copies a failure with other values. */
  private BackendException(
      BackendException failure,
      String partialText,
      @Nullable Duration retryAfter,
      @Nullable String endpoint) {
    super(failure, partialText, retryAfter);
    this.backendCode = failure.backendCode;
    this.saidByServer = failure.saidByServer;
    this.endpoint = endpoint;
  }

  /**
   * Returns a failure that the server itself reported.
   *
   * @param message for the caller; may quote the server. {@link ServerErrors#of} makes it of the
   *     server's words
   */
  public static BackendException fromServer(BackendCode code, String message) {
    return new BackendException(code, code.status(), code.type(), message);
  }

  /**
   * Returns the UNIMPLEMENTED of a server that does not have the called gRPC method. No request can
   * be blamed for that: its status is 502.
   */
  static BackendException methodMissing() {
    return new BackendException(
        BackendCode.UNIMPLEMENTED, 502, BackendCode.INTERNAL.type(), METHOD_MISSING);
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
      case UNIMPLEMENTED -> status() < 500 ? reported() : METHOD_MISSING;
      case UNAUTHENTICATED, PERMISSION_DENIED -> ServerErrors.CREDENTIALS_REFUSED;
      default -> reported();
    };
  }

  private String reported() {
    return "The model server reported an error (" + backendCode + ").";
  }

  /**
   * Returns the address of the endpoint that failed, such as {@code gpu-1:8001}; null if unknown.
   * It is for logs and listeners: an HTTP client never receives it.
   */
  public @Nullable String endpoint() {
    return endpoint;
  }

  @Override
  public BackendException withPartialText(String text) {
    return new BackendException(this, text, retryAfter(), endpoint);
  }

  /** Returns the same failure, after which another try may succeed in {@code retryAfter}. */
  public BackendException withRetryAfter(@Nullable Duration retryAfter) {
    return new BackendException(this, partialText(), retryAfter, endpoint);
  }

  /** Returns the same failure as that of an endpoint. */
  public BackendException withEndpoint(@Nullable String endpoint) {
    return new BackendException(this, partialText(), retryAfter(), endpoint);
  }
}
