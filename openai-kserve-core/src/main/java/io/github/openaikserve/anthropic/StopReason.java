package io.github.openaikserve.anthropic;

/** The reason why a message ended. */
public enum StopReason {
  /** The model ended its turn. */
  END_TURN("end_turn"),
  /** The limit of tokens was reached. */
  MAX_TOKENS("max_tokens"),
  /** One of the request's stop sequences was generated. */
  STOP_SEQUENCE("stop_sequence"),
  /** The model calls tools. */
  TOOL_USE("tool_use"),
  /** A content filter removed content. */
  REFUSAL("refusal");

  private final String value;

  StopReason(String value) {
    this.value = value;
  }

  /** Returns Anthropic's name of this reason. */
  public String value() {
    return value;
  }
}
