package io.github.openaikserve.error;

import java.time.Duration;

/**
 * The call was not made because too many are going on: status 429, code {@code
 * rate_limit_exceeded}. The model server has not heard of it.
 *
 * <p>Source: OpenAI's error codes guide; its SDKs wait for {@code retry-after} and try again.
 */
public final class OverloadedException extends OpenAiException {
  private static final long serialVersionUID = 1L;

  /** A refusal, with the time after which another try may do better. */
  public OverloadedException(String message, Duration retryAfter) {
    super(429, "rate_limit_error", "rate_limit_exceeded", null, message, null, retryAfter, "");
  }

  private OverloadedException(OverloadedException failure, String partialText) {
    super(failure, partialText);
  }

  /** A choice of an answer may be refused when others have begun. */
  @Override
  public OverloadedException withPartialText(String text) {
    return new OverloadedException(this, text);
  }
}
