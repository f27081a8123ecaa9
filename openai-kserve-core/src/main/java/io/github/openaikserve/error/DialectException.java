package io.github.openaikserve.error;

import org.jspecify.annotations.Nullable;

/**
 * The exception for a response that does not match the configured dialect: status 502. The message
 * names the tensor.
 */
public final class DialectException extends OpenAiException {
  private static final long serialVersionUID = 1L;

  /** The maximum length of a message, because the server may send tensor names of any length. */
  private static final int MAX_LENGTH = 1000;

  /** Creates an exception. */
  public DialectException(String message) {
    this(message, null);
  }

  /** Creates an exception with a cause, which is logged and never sent to clients. */
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
