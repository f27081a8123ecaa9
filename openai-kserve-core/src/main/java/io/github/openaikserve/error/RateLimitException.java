package io.github.openaikserve.error;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The exception for a request whose client has exceeded its rate limit: status 429, code {@code
 * rate_limit_exceeded}. Nothing was sent to a model server.
 *
 * <p>Source: OpenAI's rate limits guide; its SDKs wait for {@code retry-after} and retry.
 */
public final class RateLimitException extends OpenAiException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param type OpenAI's name of the limited quantity: {@code requests} or {@code tokens}
   * @param retryAfter the time after which a retry may succeed; null if no retry can succeed
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
