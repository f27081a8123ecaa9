package io.github.openaikserve.internal.messages;

import org.jspecify.annotations.Nullable;

/** The types and messages of Anthropic's errors. */
public final class MessageErrors {
  private static final String TOO_LONG = "prompt is too long: ";

  /** The end of OpenAI's message about a body that is not JSON. */
  private static final String OPENAIS = " The OpenAI API expects a JSON payload.";

  private MessageErrors() {}

  /**
   * Returns Anthropic's error type for an HTTP status.
   *
   * <p>Source: Anthropic's API reference, errors; {@code anthropics/anthropic-sdk-python}: {@code
   * ErrorType}.
   */
  public static String type(int status) {
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
  public static String message(@Nullable String code, String message) {
    if ("context_length_exceeded".equals(code)) {
      return TOO_LONG + message;
    }
    return message.endsWith(OPENAIS)
        ? message.substring(0, message.length() - OPENAIS.length())
        : message;
  }
}
