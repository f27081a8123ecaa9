package io.github.openaikserve.internal.http.response;

import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.internal.json.write.ErrorResponse;
import io.github.openaikserve.internal.json.write.MessageWriter;
import org.jspecify.annotations.Nullable;

/** The API that a client uses. It determines the format of errors and of lists of models. */
public enum ClientApi {
  /** OpenAI's API. */
  OPENAI,
  /** Anthropic's API. */
  ANTHROPIC;

  private static final String MESSAGES = "/v1/messages";
  private static final String TOO_LONG = "prompt is too long: ";

  /** The end of OpenAI's message about a body that is not JSON. */
  private static final String OPENAIS = " The OpenAI API expects a JSON payload.";

  /**
   * Returns the API of a request, determined by its path or by the header of Anthropic's clients.
   */
  public static ClientApi of(ApiRequest request) {
    String path = request.path();
    boolean messages =
        path.startsWith(MESSAGES)
            && (path.length() == MESSAGES.length()
                || "/?".indexOf(path.charAt(MESSAGES.length())) >= 0);
    return messages || request.header("anthropic-version") != null ? ANTHROPIC : OPENAI;
  }

  /**
   * Returns the JSON of a failure.
   *
   * <p>Source: Anthropic's API reference, errors.
   *
   * @param requestId empty if unknown
   */
  byte[] json(Throwable failure, String requestId) {
    ErrorResponse error = ErrorResponses.error(failure);
    return this == OPENAI
        ? error.json()
        : MessageWriter.writeError(
            type(ErrorResponses.status(failure)),
            message(error.code(), error.message()),
            requestId);
  }

  /**
   * Returns Anthropic's error type for an HTTP status.
   *
   * <p>Source: Anthropic's API reference, errors; {@code anthropics/anthropic-sdk-python}: {@code
   * ErrorType}.
   */
  private static String type(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 503, 529 -> "overloaded_error";
      case 504 -> "timeout_error";
      default -> status < 500 ? "invalid_request_error" : "api_error";
    };
  }

  /**
   * Returns a message for a client of Anthropic's API. The message for a prompt that is too long
   * begins like Anthropic's, because Claude Code recognizes it and compacts the conversation.
   *
   * @param code the error code; null for none
   */
  private static String message(@Nullable String code, String message) {
    if ("context_length_exceeded".equals(code)) {
      return TOO_LONG + message;
    }
    return message.endsWith(OPENAIS)
        ? message.substring(0, message.length() - OPENAIS.length())
        : message;
  }
}
