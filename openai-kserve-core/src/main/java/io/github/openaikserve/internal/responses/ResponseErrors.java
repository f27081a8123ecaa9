package io.github.openaikserve.internal.responses;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.openai.responses.ResponseError;
import org.jspecify.annotations.Nullable;

/** The conversion of failures to errors of a response. */
public final class ResponseErrors {
  private static final ResponseError INTERNAL =
      new ResponseError("server_error", "The server had an error while processing your request.");

  private ResponseErrors() {}

  /**
   * Returns an error with one of OpenAI's codes, or with the code for a conversation that is too
   * long, which clients evaluate.
   *
   * @param code the error code; null for none
   * @param type the error type
   */
  public static ResponseError of(@Nullable String code, String type, String message) {
    String named = String.valueOf(code);
    String known =
        switch (named) {
          case "context_length_exceeded", "rate_limit_exceeded" -> named;
          default -> type.equals("invalid_request_error") ? "invalid_prompt" : "server_error";
        };
    return new ResponseError(known, message);
  }

  static ResponseError of(Throwable failure) {
    return failure instanceof OpenAiException error
        ? of(error.code(), error.type(), error.getMessage())
        : INTERNAL;
  }
}
