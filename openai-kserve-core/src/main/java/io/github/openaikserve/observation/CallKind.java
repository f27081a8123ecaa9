package io.github.openaikserve.observation;

/** The kind of a call. */
public enum CallKind {
  /** {@code /v1/chat/completions}. */
  CHAT("chat"),
  /** {@code /v1/responses}. */
  RESPONSE("chat"),
  /** {@code /v1/messages}. */
  MESSAGE("chat"),
  /** Decisions: {@code /v1/decisions}. */
  DECISION("chat"),
  /** {@code /v1/completions}. */
  COMPLETION("text_completion"),
  /** {@code /v1/embeddings}. */
  EMBEDDING("embeddings"),
  /** {@code /v1/rerank}. */
  RERANK("rerank"),
  /** {@code /v1/score}. */
  SCORE("score"),
  /** {@code /v1/classify}. */
  CLASSIFICATION("classify"),
  /** {@code /v1/moderations}. */
  MODERATION("moderations"),
  /** {@code /v1/audio/transcriptions}. */
  TRANSCRIPTION("transcription"),
  /** {@code /v1/audio/translations}. */
  TRANSLATION("translation"),
  /** {@code /v1/audio/speech}. */
  SPEECH("speech");

  private final String operationName;

  CallKind(String operationName) {
    this.operationName = operationName;
  }

  /** Returns whether calls of this kind generate text; if false, tensors are their result. */
  public boolean generates() {
    return switch (this) {
      case CHAT, RESPONSE, MESSAGE, DECISION, COMPLETION -> true;
      default -> false;
    };
  }

  /**
   * Returns the value of the attribute {@code gen_ai.operation.name}: a well-known value if the
   * conventions have one, otherwise the name of the API.
   *
   * <p>Source: OpenTelemetry semantic conventions for generative AI, {@code gen_ai.operation.name}.
   */
  public String operationName() {
    return operationName;
  }
}
