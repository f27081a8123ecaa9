package io.github.openaikserve.error;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A refusal of a request because its client has used up a rate limit: status 429, code {@code
 * rate_limit_exceeded}. Nothing was sent to a model server.
 *
 * <p>Source: OpenAI's rate limits guide; its SDKs wait for {@code retry-after} and try again.
 */
public final class RateLimitException extends OpenAiException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates a refusal.
   *
   * @param type what is limited, as OpenAI names it: {@code requests} or {@code tokens}
   * @param retryAfter the time after which a retry may succeed; null if none ever will
   */
  public RateLimitException(String type, String message, @Nullable Duration retryAfter) {
    super(429, type, "rate_limit_exceeded", null, message, null, retryAfter, "");
  }

  private RateLimitException(RateLimitException failure, String partialText) {
    super(failure, partialText);
  }

  @Override
  public RateLimitException withPartialText(String text) {
    return new RateLimitException(this, text);
  }
}
