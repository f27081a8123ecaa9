package io.github.openaikserve.error;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A failure that has an OpenAI error object: HTTP status, type, code and parameter.
 *
 * <p>Its message is for the caller who made the request. It never holds a credential, and quotes a
 * prompt only where a model server's own words do. {@link #loggableMessage} never does. What a
 * whole answer had come to before it failed is in {@link #partialText}; a reader of a stream has
 * had that in chunks, so that it is empty there.
 */
public abstract class OpenAiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What a failure holds for as long as somebody keeps it. */
  private static final int MAX_PARTIAL_TEXT = 1 << 20;

  private final int status;
  private final String type;
  private final @Nullable String code;
  private final @Nullable String param;
  private final @Nullable Duration retryAfter;
  private final String partialText;

  OpenAiException(
      int status,
      String type,
      @Nullable String code,
      @Nullable String param,
      String message,
      @Nullable Throwable cause) {
    this(status, type, code, param, message, cause, null, "");
  }

  OpenAiException(
      int status,
      String type,
      @Nullable String code,
      @Nullable String param,
      String message,
      @Nullable Throwable cause,
      @Nullable Duration retryAfter,
      String partialText) {
    super(message, cause);
    this.status = status;
    this.type = type;
    this.code = code;
    this.param = param;
    this.retryAfter = retryAfter;
    this.partialText = bounded(partialText);
  }

  /** A copy of a failure after {@code partialText} had been generated. */
  OpenAiException(OpenAiException failure, String partialText) {
    this(failure, partialText, failure.retryAfter);
  }

  /** A copy of a failure with another partial text and another time to wait. */
  OpenAiException(OpenAiException failure, String partialText, @Nullable Duration retryAfter) {
    this(
        failure.status,
        failure.type,
        failure.code,
        failure.param,
        failure.getMessage(),
        failure.getCause(),
        retryAfter,
        partialText);
    setStackTrace(failure.getStackTrace());
    for (Throwable suppressed : failure.getSuppressed()) {
      addSuppressed(suppressed);
    }
  }

  /** Not in the middle of a character. */
  private static String bounded(String text) {
    if (text.length() <= MAX_PARTIAL_TEXT) {
      return text;
    }
    boolean halves = Character.isHighSurrogate(text.charAt(MAX_PARTIAL_TEXT - 1));
    return text.substring(0, halves ? MAX_PARTIAL_TEXT - 1 : MAX_PARTIAL_TEXT);
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

  /**
   * The text of the first choice of a whole answer that had come before the failure, at most its
   * first 1,048,576 characters; empty when there was none, and for streams, whose reader has had
   * it.
   */
  public final String partialText() {
    return partialText;
  }

  /** The same failure after {@code text} had been generated. */
  public abstract OpenAiException withPartialText(String text);

  /**
   * Returns a message for logs: without the words of a model server or of a model, which may quote
   * the request.
   */
  public String loggableMessage() {
    return getMessage();
  }

  /** The message, never null. */
  @Override
  public final String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
