package io.github.openaikserve.internal.http;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.json.ErrorResponse;
import io.github.openaikserve.internal.json.JsonCodec;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Failures as OpenAI's error objects. What has none of its own is our bug: a 500 without words. */
final class ErrorResponses {
  private static final Logger log = LoggerFactory.getLogger(ErrorResponses.class);
  private static final ErrorResponse OUR_BUG =
      new ErrorResponse(
          "The server had an error while processing your request.",
          "server_error",
          null,
          "internal_error");

  /** A day: nobody waits longer. */
  private static final long MAX_SECONDS = 86_400;

  private ErrorResponses() {}

  static ApiResponse of(Throwable failure) {
    int status = 500;
    Map<String, String> headers = new HashMap<>();
    headers.put("content-type", "application/json");
    if (unwrap(failure) instanceof OpenAiException openAi) {
      status = openAi.status();
      retryAfter(openAi.retryAfter(), headers);
    }
    return new ApiResponse(status, headers, ApiBody.of(JsonCodec.write(error(failure))));
  }

  /** In whole seconds for everybody, and in milliseconds for OpenAI's clients, which ask first. */
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

  static ErrorResponse error(Throwable failure) {
    Throwable cause = unwrap(failure);
    if (cause instanceof OpenAiException e) {
      if (e.status() >= 500) {
        log.warn(
            "request failed status={} code={} reason=\"{}\"",
            e.status(),
            e.code(),
            e.loggableMessage());
      }
      return new ErrorResponse(e.getMessage(), e.type(), e.param(), e.code());
    }
    log.error("internal error", cause);
    return OUR_BUG;
  }

  private static Throwable unwrap(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
