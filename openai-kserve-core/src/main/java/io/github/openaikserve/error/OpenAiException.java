package io.github.openaikserve.error;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A failure that is reported as an OpenAI error object, with an HTTP status, type, code and
 * parameter.
 *
 * <p>The message is for the caller who made the request. It never contains credentials, and quotes
 * a prompt only if the model server's own message does. {@link #loggableMessage} never quotes a
 * prompt. {@link #partialText} is the text received before an unstreamed answer failed. It is empty
 * for streams, whose reader has already received the text.
 */
public abstract class OpenAiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * The maximum number of characters of a partial text, because callers may keep the exception in
   * memory.
   */
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

  /** Creates a copy of a failure with a partial text. */
  OpenAiException(OpenAiException failure, String partialText) {
    this(failure, partialText, failure.retryAfter);
  }

  /** Creates a copy of a failure with another partial text and another retry delay. */
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

  /** Truncates a text to the limit without splitting a surrogate pair. */
  private static String bounded(String text) {
    if (text.length() <= MAX_PARTIAL_TEXT) {
      return text;
    }
    boolean halves = Character.isHighSurrogate(text.charAt(MAX_PARTIAL_TEXT - 1));
    return text.substring(0, halves ? MAX_PARTIAL_TEXT - 1 : MAX_PARTIAL_TEXT);
  }

  /** Returns the HTTP status, 400 to 599. */
  public final int status() {
    return status;
  }

  /** Returns OpenAI's type of the error, such as {@code invalid_request_error}. */
  public final String type() {
    return type;
  }

  /** Returns the machine-readable code, such as {@code model_not_found}; null for none. */
  public final @Nullable String code() {
    return code;
  }

  /** Returns the invalid field, such as {@code messages[0].content}; null for none. */
  public final @Nullable String param() {
    return param;
  }

  /** Returns the time after which a retry may succeed; null if unknown. */
  public final @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /**
   * Returns the text of the first choice that was received before an unstreamed answer failed, at
   * most its first 1,048,576 characters. Empty if no text was received, and for streams.
   */
  public final String partialText() {
    return partialText;
  }

  /** Returns a copy of this failure with a partial text. */
  public abstract OpenAiException withPartialText(String text);

  /**
   * Returns a message for logs. It contains no text of a model server or of a model, which may
   * quote the request.
   */
  public String loggableMessage() {
    return getMessage();
  }

  /** Returns the message, never null. */
  @Override
  public final String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
