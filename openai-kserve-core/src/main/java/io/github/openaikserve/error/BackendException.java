package io.github.openaikserve.error;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The model server, or the way to it, failed. */
public final class BackendException extends OpenAiException {
  private static final long serialVersionUID = 1L;

  private final BackendCode backendCode;
  private final boolean saidByServer;

  /** A failure before any text came. */
  public BackendException(BackendCode code, String message) {
    this(code, message, null);
  }

  /** A failure before any text came, with a cause that is for logs and never shown. */
  public BackendException(BackendCode code, String message, @Nullable Throwable cause) {
    this(code, message, cause, "", null, false);
  }

  /** Returns the failure that a model server reported in words. */
  public static BackendException fromServer(BackendCode code, String words) {
    return new BackendException(
        code, "The model server answered " + code + ": " + words, null, "", null, true);
  }

  private BackendException(
      BackendCode code,
      String message,
      @Nullable Throwable cause,
      String partialText,
      @Nullable Duration retryAfter,
      boolean saidByServer) {
    super(code.status(), code.type(), code.word(), null, message, cause, retryAfter, partialText);
    this.backendCode = code;
    this.saidByServer = saidByServer;
  }

  /** Returns whether the model server itself reported this failure. */
  public boolean saidByServer() {
    return saidByServer;
  }

  /** How the call ended, in gRPC's words. */
  public BackendCode backendCode() {
    return backendCode;
  }

  @Override
  public BackendException withPartialText(String text) {
    return copy(text, retryAfter());
  }

  /** The same failure of a server that says, or is known, to do better after {@code retryAfter}. */
  public BackendException withRetryAfter(@Nullable Duration retryAfter) {
    return copy(partialText(), retryAfter);
  }

  private BackendException copy(String text, @Nullable Duration retry) {
    var copy =
        new BackendException(backendCode, getMessage(), getCause(), text, retry, saidByServer);
    copy.setStackTrace(getStackTrace());
    return copy;
  }
}
