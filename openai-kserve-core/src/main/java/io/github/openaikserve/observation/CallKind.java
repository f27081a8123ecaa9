package io.github.openaikserve.observation;

/** The kind of a call. */
public enum CallKind {
  /** {@code /v1/chat/completions}. */
  CHAT("chat"),
  /** {@code /v1/responses}. */
  RESPONSE("chat"),
  /** {@code /v1/messages}. */
  MESSAGE("chat"),
  /** {@code /v1/completions}. */
  COMPLETION("text_completion"),
  /** {@code /v1/embeddings}. */
  EMBEDDING("embeddings");

  private final String operationName;

  CallKind(String operationName) {
    this.operationName = operationName;
  }

  /**
   * Returns the value of the attribute {@code gen_ai.operation.name}.
   *
   * <p>Source: OpenTelemetry semantic conventions for generative AI, {@code gen_ai.operation.name}.
   */
  public String operationName() {
    return operationName;
  }
}
