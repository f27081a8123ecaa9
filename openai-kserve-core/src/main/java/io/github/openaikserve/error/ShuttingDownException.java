package io.github.openaikserve.error;

/** This service is shutting down: it refuses new requests, and ends those that take too long. */
public final class ShuttingDownException extends OpenAiException {
  private static final long serialVersionUID = 1L;

  /** Creates a refusal. */
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
