package io.github.openaikserve.error;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A failure that has an OpenAI error object: HTTP status, type, code and parameter.
 *
 * <p>Its message may be shown to the caller: it never quotes a prompt, an answer or a credential.
 */
public abstract class OpenAiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;
  private final @Nullable String code;
  private final @Nullable String param;
  private final @Nullable Duration retryAfter;

  OpenAiException(
      int status,
      String type,
      @Nullable String code,
      @Nullable String param,
      String message,
      @Nullable Throwable cause) {
    this(status, type, code, param, message, cause, null);
  }

  OpenAiException(
      int status,
      String type,
      @Nullable String code,
      @Nullable String param,
      String message,
      @Nullable Throwable cause,
      @Nullable Duration retryAfter) {
    super(message, cause);
    this.status = status;
    this.type = type;
    this.code = code;
    this.param = param;
    this.retryAfter = retryAfter;
  }

  /** The HTTP status, 400 to 599. */
  public final int status() {
    return status;
  }

  /** OpenAI's word for the kind of error, such as {@code invalid_request_error}. */
  public final String type() {
    return type;
  }

  /** A word that programs may compare, such as {@code model_not_found}; null when there is none. */
  public final @Nullable String code() {
    return code;
  }

  /** The request field at fault, such as {@code messages[0].content}; null when there is none. */
  public final @Nullable String param() {
    return param;
  }

  /** After how long another try may do better; null when nothing is known of that. */
  public final @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** The message, never null. */
  @Override
  public final String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
