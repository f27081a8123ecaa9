package io.github.openaikserve.error;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A failed call to a model server. Either the server itself or the connection to it failed.
 *
 * <p>{@link #saidByServer} distinguishes the two. A transport creates the exception with {@link
 * ServerErrors#of} for a status or an error message of the server, with {@link #unreachable} for a
 * server that cannot be reached, and with a constructor for everything else, such as an expired
 * time limit or an unreadable response.
 */
public final class BackendException extends OpenAiException {
  private static final long serialVersionUID = 1L;

  private static final String METHOD_MISSING =
      "The model server does not have the gRPC method that was called (UNIMPLEMENTED)."
          + " Check that 'service' is configured correctly, such as"
          + " inference.GRPCInferenceService, and that the port is its gRPC port.";

  private final BackendCode backendCode;
  private final boolean saidByServer;
  private final @Nullable String endpoint;

  /**
   * Creates a failure that the server did not report and that happened before any text arrived.
   *
   * @param message for the caller and for logs; must not quote the server
   */
  public BackendException(BackendCode code, String message) {
    this(code, message, null);
  }

  /**
   * Creates a failure that the server did not report and that happened before any text arrived.
   *
   * @param message for the caller and for logs; must not quote the server
   * @param cause for logs; never sent to the caller
   */
  public BackendException(BackendCode code, String message, @Nullable Throwable cause) {
    super(code.status(), code.type(), code.value(), null, message, cause);
    this.backendCode = code;
    this.saidByServer = false;
    this.endpoint = null;
  }

  /** Creates a failure that the server reported. */
  private BackendException(BackendCode code, int status, String type, String message) {
    super(status, type, code.value(), null, message, null);
    this.backendCode = code;
    this.saidByServer = true;
    this.endpoint = null;
  }

  /** Creates a copy of a failure with other values. */
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
   * @param message for the caller; may quote the server. {@link ServerErrors#of} derives it from
   *     the server's message
   */
  public static BackendException fromServer(BackendCode code, String message) {
    return new BackendException(code, code.status(), code.type(), message);
  }

  /**
   * Returns the failure of a server that does not implement the called gRPC method. Its status is
   * 502, because the request is not at fault.
   */
  static BackendException methodMissing() {
    return new BackendException(
        BackendCode.UNIMPLEMENTED, 502, BackendCode.INTERNAL.type(), METHOD_MISSING);
  }

  /**
   * Returns an UNAVAILABLE failure for a server that cannot be reached.
   *
   * @param reason such as {@code connection refused}; must not contain host names or quote the
   *     server; null if unknown
   * @param cause for logs; never sent to the caller
   */
  public static BackendException unreachable(@Nullable String reason, @Nullable Throwable cause) {
    return new BackendException(
        BackendCode.UNAVAILABLE,
        "The model server could not be reached" + (reason == null ? "." : ": " + reason + "."),
        cause);
  }

  /** Returns the code of the failure. */
  public BackendCode backendCode() {
    return backendCode;
  }

  /**
   * Returns whether the server itself reported this failure, with a status or with an error message
   * on a stream. False for a failed connection, a time limit of this process, and an unreadable
   * response.
   *
   * <p>A server that reports a failure is running, and the request may be the cause. A circuit
   * breaker therefore never counts a single failure of this kind.
   */
  public boolean saidByServer() {
    return saidByServer;
  }

  /**
   * Returns the message. If the server reported the failure, returns the code without the server's
   * message.
   */
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
   * It is for logs and listeners and is never sent to HTTP clients.
   */
  public @Nullable String endpoint() {
    return endpoint;
  }

  @Override
  public BackendException withPartialText(String text) {
    return new BackendException(this, text, retryAfter(), endpoint);
  }

  /** Returns a copy of this failure with the time after which a retry may succeed. */
  public BackendException withRetryAfter(@Nullable Duration retryAfter) {
    return new BackendException(this, partialText(), retryAfter, endpoint);
  }

  /** Returns a copy of this failure with the address of the endpoint. */
  public BackendException withEndpoint(@Nullable String endpoint) {
    return new BackendException(this, partialText(), retryAfter(), endpoint);
  }
}
