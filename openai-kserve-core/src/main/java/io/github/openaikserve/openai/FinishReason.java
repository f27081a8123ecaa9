package io.github.openaikserve.openai;

/** The reason why a generation ended. */
public enum FinishReason {
  /** The model ended its answer, or a stop sequence was found. */
  STOP("stop"),
  /** The limit of tokens was reached. */
  LENGTH("length"),
  /** The model calls tools. */
  TOOL_CALLS("tool_calls"),
  /** The model calls a function, in OpenAI's legacy function calling. */
  FUNCTION_CALL("function_call"),
  /** A content filter removed content. */
  CONTENT_FILTER("content_filter");

  private final String value;

  FinishReason(String value) {
    this.value = value;
  }

  /** Returns OpenAI's name of this reason. */
  public String value() {
    return value;
  }
}
