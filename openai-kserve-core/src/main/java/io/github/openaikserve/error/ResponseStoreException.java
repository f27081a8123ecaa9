package io.github.openaikserve.error;

import org.jspecify.annotations.Nullable;

/**
 * A failure of the response store in a request that needs it: status 503, code {@code
 * response_store_unavailable}. Requests that do not use the store are still served.
 */
public final class ResponseStoreException extends OpenAiException {
  private static final long serialVersionUID = 1L;

  /** Creates a failure with a cause, which is logged and never sent to clients. */
  public ResponseStoreException(@Nullable Throwable cause) {
    super(
        503,
        "server_error",
        "response_store_unavailable",
        null,
        "The response store is not available. Retry the request, or send 'store': false and all"
            + " items of the conversation in 'input'.",
        cause);
  }

  private ResponseStoreException(ResponseStoreException failure, String partialText) {
    super(failure, partialText);
  }

  @Override
  public ResponseStoreException withPartialText(String text) {
    return new ResponseStoreException(this, text);
  }
}
