package io.github.openaikserve.internal.http.response;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.InvalidAnswerException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.concurrent.Futures;
import io.github.openaikserve.internal.json.write.ErrorResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Conversion of failures to responses. An exception that is not an {@link OpenAiException} is a bug
 * of this library; it becomes a status 500 without the exception's message. Logs nothing.
 */
public final class ErrorResponses {
  static final int INTERNAL_STATUS = 500;

  private static final ErrorResponse INTERNAL =
      new ErrorResponse(
          "The server had an error while processing your request.",
          "server_error",
          null,
          "internal_error");

  private static final long MAX_SECONDS = Duration.ofDays(1).toSeconds();

  private ErrorResponses() {}

  /**
   * Returns the response for a failure that happened before the response started.
   *
   * @param requestId empty if unknown
   */
  public static ApiResponse of(Throwable failure, ClientApi api, String requestId) {
    Map<String, String> headers = new HashMap<>();
    headers.put("content-type", "application/json");
    if (Futures.cause(failure) instanceof OpenAiException openAi) {
      retryAfter(openAi.retryAfter(), headers);
      if (isPointlessToRetry(openAi)) {
        headers.put("x-should-retry", "false");
      }
    }
    return new ApiResponse(status(failure), headers, ApiBody.of(api.json(failure, requestId)));
  }

  /**
   * Returns whether a retry cannot succeed. OpenAI's SDKs retry every status of 500 or more unless
   * a header forbids it. An answer in the wrong format was already requested twice, and a wrong
   * configuration does not change by itself.
   */
  private static boolean isPointlessToRetry(OpenAiException failure) {
    return failure instanceof InvalidAnswerException
        || (failure instanceof BackendException backend
            && backend.backendCode() == BackendCode.UNIMPLEMENTED);
  }

  /** Adds the retry header in seconds, and the header in milliseconds that OpenAI's SDKs prefer. */
  private static void retryAfter(@Nullable Duration wait, Map<String, String> headers) {
    if (wait != null) {
      long millis = Math.max(1, Math.min(wait.toSeconds(), MAX_SECONDS) * 1000 + millisOf(wait));
      headers.put("retry-after", Long.toString((millis + 999) / 1000));
      headers.put("retry-after-ms", Long.toString(millis));
    }
  }

  private static long millisOf(Duration wait) {
    return (wait.toNanosPart() + 999_999L) / 1_000_000;
  }

  /** Returns the HTTP status of a failure. */
  static int status(Throwable failure) {
    return Futures.cause(failure) instanceof OpenAiException e ? e.status() : INTERNAL_STATUS;
  }

  /** Returns the error object of a failure. */
  public static ErrorResponse error(Throwable failure) {
    return Futures.cause(failure) instanceof OpenAiException e
        ? new ErrorResponse(message(e), e.type(), e.param(), e.code())
        : INTERNAL;
  }

  /** Returns the message of a failure; never blank, because clients of both APIs expect a text. */
  private static String message(OpenAiException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.isBlank() ? "The model server gave no reason for its failure." : message;
  }
}
