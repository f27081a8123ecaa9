package io.github.openaikserve.error;

import org.jspecify.annotations.Nullable;

/** The exception for a request that is invalid or not supported: a status from 400 to 499. */
public final class InvalidRequestException extends OpenAiException {
  private static final long serialVersionUID = 1L;

  /** The maximum number of characters of the caller's text that a message quotes. */
  private static final int SHOWN = 64;

  /**
   * Creates an error of OpenAI's type {@code invalid_request_error}.
   *
   * @throws IllegalArgumentException if the status is not from 400 to 499
   */
  public InvalidRequestException(
      int status, @Nullable String code, @Nullable String param, String message) {
    this(status, code, param, message, null);
  }

  /**
   * Creates an error with a cause, which is logged and never sent to clients.
   *
   * @throws IllegalArgumentException if the status is not from 400 to 499
   */
  public InvalidRequestException(
      int status,
      @Nullable String code,
      @Nullable String param,
      String message,
      @Nullable Throwable cause) {
    super(checked(status), "invalid_request_error", code, param, message, cause);
  }

  /** Returns an error of status 400 for one field of the request. */
  public static InvalidRequestException badValue(
      @Nullable String param, @Nullable String code, String message) {
    return new InvalidRequestException(400, code, param, message);
  }

  /** Returns the error of status 404 for an unknown model. */
  public static InvalidRequestException modelNotFound(String model) {
    return new InvalidRequestException(
        404, "model_not_found", "model", "The model '" + shown(model) + "' does not exist.");
  }

  /**
   * Returns text of the caller in a form that is safe in messages: at most 64 characters, with
   * unprintable characters escaped.
   */
  public static String shown(String word) {
    var shown = new StringBuilder();
    for (int i = 0; i < word.length(); ) {
      if (i >= SHOWN) {
        return shown.append("...").toString();
      }
      int character = word.codePointAt(i);
      if (isPrintable(character)) {
        shown.appendCodePoint(character);
      } else {
        shown.append("\\u%04x".formatted(character));
      }
      i += Character.charCount(character);
    }
    return shown.toString();
  }

  private static boolean isPrintable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  private InvalidRequestException(InvalidRequestException failure, String partialText) {
    super(failure, partialText);
  }

  @Override
  public InvalidRequestException withPartialText(String text) {
    return new InvalidRequestException(this, text);
  }

  private static int checked(int status) {
    if (status < 400 || status > 499) {
      throw new IllegalArgumentException("status must be from 400 to 499, was " + status);
    }
    return status;
  }
}
