package io.github.openaikserve.error;

import java.time.Duration;

/**
 * The exception for a call that exceeds a concurrency limit: status 429, code {@code
 * rate_limit_exceeded}. Nothing was sent to the model server.
 *
 * <p>Source: OpenAI's error codes guide; its SDKs wait for {@code retry-after} and retry.
 */
public final class OverloadedException extends OpenAiException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception with the time after which a retry may succeed. */
  public OverloadedException(String message, Duration retryAfter) {
    super(429, "rate_limit_error", "rate_limit_exceeded", null, message, null, retryAfter, "");
  }

  private OverloadedException(OverloadedException failure, String partialText) {
    super(failure, partialText);
  }

  /** Returns a copy with a partial text: a choice may be rejected after others have started. */
  @Override
  public OverloadedException withPartialText(String text) {
    return new OverloadedException(this, text);
  }
}
