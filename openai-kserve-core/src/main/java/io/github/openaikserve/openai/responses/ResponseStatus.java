package io.github.openaikserve.openai.responses;

/** How far a response is. */
public enum ResponseStatus {
  /** It waits to be generated in the background. */
  QUEUED("queued"),
  /** It is being generated. */
  IN_PROGRESS("in_progress"),
  /** It is complete. */
  COMPLETED("completed"),
  /** It was cut off, at a limit of tokens or by a filter. */
  INCOMPLETE("incomplete"),
  /** It failed. */
  FAILED("failed"),
  /** It was cancelled. */
  CANCELLED("cancelled");

  private final String value;

  ResponseStatus(String value) {
    this.value = value;
  }

  /** Returns OpenAI's word. */
  public String value() {
    return value;
  }
}
