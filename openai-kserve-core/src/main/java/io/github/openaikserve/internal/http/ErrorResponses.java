package io.github.openaikserve.internal.http;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.openai.ErrorResponse;
import java.util.Map;
import java.util.concurrent.CompletionException;
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

  private ErrorResponses() {}

  static ApiResponse of(Throwable failure) {
    int status = unwrap(failure) instanceof OpenAiException openAi ? openAi.status() : 500;
    return new ApiResponse(
        status,
        Map.of("content-type", "application/json"),
        ApiBody.of(JsonCodec.write(error(failure))));
  }

  static ErrorResponse error(Throwable failure) {
    Throwable cause = unwrap(failure);
    if (cause instanceof OpenAiException e) {
      if (e.status() >= 500) {
        log.warn("{} {}: {}", e.status(), e.code(), e.getMessage());
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
