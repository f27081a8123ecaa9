package io.github.openaikserve.error;

/**
 * The exception for requests while this service shuts down: new requests, and calls that exceed the
 * shutdown timeout. Status 503, code {@code server_shutting_down}.
 */
public final class ShuttingDownException extends OpenAiException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception. */
  public ShuttingDownException() {
    super(
        503,
        "server_error",
        "server_shutting_down",
        null,
        "This server is shutting down. Retry the request: another server may answer it.",
        null);
  }

  private ShuttingDownException(ShuttingDownException failure, String partialText) {
    super(failure, partialText);
  }

  @Override
  public ShuttingDownException withPartialText(String text) {
    return new ShuttingDownException(this, text);
  }
}
