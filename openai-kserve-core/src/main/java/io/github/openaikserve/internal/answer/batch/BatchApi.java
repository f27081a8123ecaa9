package io.github.openaikserve.internal.answer.batch;

import io.github.openaikserve.encoder.ClassifyRequest;
import io.github.openaikserve.encoder.ClassifyResponse;
import io.github.openaikserve.encoder.RerankRequest;
import io.github.openaikserve.encoder.RerankResponse;
import io.github.openaikserve.encoder.ScoreRequest;
import io.github.openaikserve.encoder.ScoreResponse;
import io.github.openaikserve.observation.CallKind;
import io.github.openaikserve.openai.AbstractRequest;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.CreateEmbeddingResponse;
import io.github.openaikserve.openai.CreateModerationRequest;
import io.github.openaikserve.openai.CreateModerationResponse;
import io.github.openaikserve.openai.audio.CreateSpeechRequest;
import io.github.openaikserve.openai.audio.CreateTranscriptionRequest;
import io.github.openaikserve.openai.audio.Speech;
import io.github.openaikserve.openai.audio.Transcription;
import java.util.function.Function;

/**
 * An API whose requests are answered by tensors. Immutable.
 *
 * @param idPrefix the first part of an answer's id
 * @param form returns the form of the answer to a request
 * @param <R> a request
 * @param <A> an answer
 */
public record BatchApi<R extends AbstractRequest, A>(
    CallKind kind, String idPrefix, Function<R, BatchForm<A>> form) {
  public static final BatchApi<CreateEmbeddingRequest, CreateEmbeddingResponse> EMBEDDING =
      new BatchApi<>(CallKind.EMBEDDING, "embd-", EmbeddingForm::of);
  public static final BatchApi<RerankRequest, RerankResponse> RERANK =
      new BatchApi<>(CallKind.RERANK, "rerank-", ScoreForm::of);
  public static final BatchApi<ScoreRequest, ScoreResponse> SCORE =
      new BatchApi<>(CallKind.SCORE, "score-", ScoreForm::of);
  public static final BatchApi<ClassifyRequest, ClassifyResponse> CLASSIFICATION =
      new BatchApi<>(CallKind.CLASSIFICATION, "classify-", ClassificationForm::of);
  public static final BatchApi<CreateModerationRequest, CreateModerationResponse> MODERATION =
      new BatchApi<>(CallKind.MODERATION, "modr-", ModerationForm::of);
  public static final BatchApi<CreateTranscriptionRequest, Transcription> TRANSCRIPTION =
      new BatchApi<>(CallKind.TRANSCRIPTION, "transcription-", TranscriptionForm::transcription);
  public static final BatchApi<CreateTranscriptionRequest, Transcription> TRANSLATION =
      new BatchApi<>(CallKind.TRANSLATION, "translation-", TranscriptionForm::translation);
  public static final BatchApi<CreateSpeechRequest, Speech> SPEECH =
      new BatchApi<>(CallKind.SPEECH, "speech-", SpeechForm::of);
}
