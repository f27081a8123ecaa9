package io.github.openaikserve.internal.responses;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.openai.responses.ResponseError;
import org.jspecify.annotations.Nullable;

/** Failures as a response has them. */
public final class ResponseErrors {
  private static final ResponseError INTERNAL =
      new ResponseError("server_error", "The server had an error while processing your request.");

  private ResponseErrors() {}

  /**
   * Returns a failure whose code is one of OpenAI's, or that of a conversation that is too long,
   * which clients read.
   *
   * @param code of the error; null for none
   * @param type of the error
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
