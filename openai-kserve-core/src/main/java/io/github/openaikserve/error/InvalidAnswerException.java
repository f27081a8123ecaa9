package io.github.openaikserve.error;

/**
 * An answer of the model that does not have the requested format: status 502. The message says what
 * is wrong with it.
 */
public final class InvalidAnswerException extends OpenAiException {
  private static final long serialVersionUID = 1L;

  private final String answer;

  /** Creates an exception for an answer. */
  public InvalidAnswerException(String message, String answer) {
    super(502, "server_error", "invalid_model_output", null, message, null);
    this.answer = answer;
  }

  private InvalidAnswerException(InvalidAnswerException failure, String partialText) {
    super(failure, partialText);
    this.answer = failure.answer;
  }

  @Override
  public InvalidAnswerException withPartialText(String text) {
    return new InvalidAnswerException(this, text);
  }

  /** Returns a message without what is wrong with the answer, which may quote it. */
  @Override
  public String loggableMessage() {
    return "The model's answer is not in the requested format.";
  }

  /** Returns the answer of the model. */
  public String answer() {
    return answer;
  }
}
