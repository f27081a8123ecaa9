package io.github.openaikserve.error;

/**
 * The exception for a model's answer that does not have the requested format: status 502. The
 * message describes the mismatch.
 */
public final class InvalidAnswerException extends OpenAiException {
  private static final long serialVersionUID = 1L;

  private final String answer;

  /** Creates an exception for the model's answer. */
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

  /** Returns a message without the description of the mismatch, which may quote the answer. */
  @Override
  public String loggableMessage() {
    return "The model's answer is not in the requested format.";
  }

  /** Returns the answer of the model. */
  public String answer() {
    return answer;
  }
}
