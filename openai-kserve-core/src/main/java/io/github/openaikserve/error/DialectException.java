package io.github.openaikserve.error;

import org.jspecify.annotations.Nullable;

/**
 * The model server answered, but not in the dialect it was said to speak: status 502. The message
 * names the tensor.
 */
public final class DialectException extends OpenAiException {
  private static final long serialVersionUID = 1L;

  /** Names of tensors are the server's, and may be as long as it likes. */
  private static final int MAX_LENGTH = 1000;

  /** A departure from the dialect. */
  public DialectException(String message) {
    this(message, null);
  }

  /** A departure from the dialect, with a cause that is for logs and never shown. */
  public DialectException(String message, @Nullable Throwable cause) {
    super(502, "server_error", "invalid_backend_response", null, bounded(message), cause);
  }

  private DialectException(DialectException failure, String partialText) {
    super(failure, partialText);
  }

  @Override
  public DialectException withPartialText(String text) {
    return new DialectException(this, text);
  }

  private static String bounded(String message) {
    return message.length() > MAX_LENGTH ? message.substring(0, MAX_LENGTH) + "..." : message;
  }
}
