package io.github.openaikserve.openai.responses;

/** The status of a response. */
public enum ResponseStatus {
  /** The response waits for its generation in the background. */
  QUEUED("queued"),
  /** The response is being generated. */
  IN_PROGRESS("in_progress"),
  /** The response is complete. */
  COMPLETED("completed"),
  /** The response was cut off at a token limit or by a content filter. */
  INCOMPLETE("incomplete"),
  /** The response failed. */
  FAILED("failed"),
  /** The response was cancelled. */
  CANCELLED("cancelled");

  private final String value;

  ResponseStatus(String value) {
    this.value = value;
  }

  /** Returns OpenAI's name of the status. */
  public String value() {
    return value;
  }
}
