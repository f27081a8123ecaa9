package io.github.openaikserve.dialect;

import java.util.List;

/** The kinds of requests that a model can serve. */
public enum RequestKind {
  /** {@code /v1/chat/completions}. */
  CHAT("chat completions", "the text", ResponseField.TEXT),
  /** {@code /v1/completions}. */
  COMPLETION("completions", "the text", ResponseField.TEXT),
  /** {@code /v1/embeddings}. */
  EMBEDDING("embeddings", "the vectors", ResponseField.EMBEDDING),
  /** {@code /v1/rerank} and {@code /v1/score}: the scores of pairs of texts. */
  SCORE("rerank", "the scores", ResponseField.SCORE, ResponseField.CLASS_SCORES),
  /** {@code /v1/classify} and {@code /v1/moderations}: the scores of the classes of texts. */
  CLASSIFICATION("classify", "the scores", ResponseField.CLASS_SCORES),
  /** {@code /v1/audio/transcriptions} and {@code /v1/audio/translations}. */
  TRANSCRIPTION("transcriptions", "the text", ResponseField.TEXT),
  /** {@code /v1/audio/speech}. */
  SPEECH("speech", "the audio", ResponseField.AUDIO);

  private final String apiName;
  private final String answer;

  @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
  private final List<ResponseField> outputs;

  RequestKind(String apiName, String answer, ResponseField... outputs) {
    this.apiName = apiName;
    this.answer = answer;
    this.outputs = List.of(outputs);
  }

  /** Returns the name of the API in messages. */
  public String apiName() {
    return apiName;
  }

  /** Returns whether such requests are answered by generated text instead of tensors. */
  public boolean isGeneration() {
    return this == CHAT || this == COMPLETION;
  }

  /** Returns the name of the answer in messages. */
  String answer() {
    return answer;
  }

  /** Returns the contents of output tensors, one of which is the answer. */
  List<ResponseField> outputs() {
    return outputs;
  }
}
