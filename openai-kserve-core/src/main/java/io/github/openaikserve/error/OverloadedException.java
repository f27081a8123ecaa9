package io.github.openaikserve.error;

import java.time.Duration;

/**
 * A refusal of a call because the maximum number of calls is running: status 429, code {@code
 * rate_limit_exceeded}. Nothing was sent to the model server.
 *
 * <p>Source: OpenAI's error codes guide; its SDKs wait for {@code retry-after} and try again.
 */
public final class OverloadedException extends OpenAiException {
  private static final long serialVersionUID = 1L;

  /** Creates a refusal with the time after which a retry may succeed. */
  public OverloadedException(String message, Duration retryAfter) {
    super(429, "rate_limit_error", "rate_limit_exceeded", null, message, null, retryAfter, "");
  }

  private OverloadedException(OverloadedException failure, String partialText) {
    super(failure, partialText);
  }

  /** Returns a copy with a partial text: one choice may be refused after others have begun. */
  @Override
  public OverloadedException withPartialText(String text) {
    return new OverloadedException(this, text);
  }
}
