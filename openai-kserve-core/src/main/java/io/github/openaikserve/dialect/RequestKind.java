package io.github.openaikserve.dialect;

/** The kinds of requests that a model can serve. */
public enum RequestKind {
  /** {@code /v1/chat/completions}. */
  CHAT("chat completions"),
  /** {@code /v1/completions}. */
  COMPLETION("completions"),
  /** {@code /v1/embeddings}. */
  EMBEDDING("embeddings"),
  /** {@code /v1/rerank} and {@code /v1/score}: the scores of pairs of texts. */
  SCORE("rerank"),
  /** {@code /v1/classify} and {@code /v1/moderations}: the scores of the classes of texts. */
  CLASSIFICATION("classify"),
  /** {@code /v1/audio/transcriptions} and {@code /v1/audio/translations}. */
  TRANSCRIPTION("transcriptions"),
  /** {@code /v1/audio/speech}. */
  SPEECH("speech");

  private final String apiName;

  RequestKind(String apiName) {
    this.apiName = apiName;
  }

  /** Returns the name of the API in messages. */
  public String apiName() {
    return apiName;
  }

  /** Returns whether such requests are answered by generated text instead of tensors. */
  public boolean isGeneration() {
    return this == CHAT || this == COMPLETION;
  }
}
