package io.github.openaikserve;

import io.github.openaikserve.dialect.Explanation;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.batch.BatchApi;
import io.github.openaikserve.internal.answer.batch.TranscriptSink;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.audio.CreateSpeechRequest;
import io.github.openaikserve.openai.audio.CreateTranscriptionRequest;
import io.github.openaikserve.openai.audio.Speech;
import io.github.openaikserve.openai.audio.Transcription;
import io.github.openaikserve.openai.audio.TranscriptionStreamEvent;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The audio resource: {@code /v1/audio/transcriptions}, {@code /v1/audio/translations} and {@code
 * /v1/audio/speech}. Thread-safe.
 *
 * <p>Each method accepts a request object, or a function that configures a request builder. Use
 * {@link OpenAiKServe#with} to set time limits, headers and ids. Failures are reported as {@link
 * OpenAiException}s.
 */
public final class Audio {
  private final Engine engine;
  private final CallContext context;

  Audio(Engine engine, CallContext context) {
    this.engine = engine;
    this.context = context;
  }

  /**
   * Transcribes an audio file in its original language. Blocks until the text has arrived; an
   * interrupt cancels the call.
   *
   * @throws OpenAiException if the request is invalid or the backend fails
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; the interrupt
   *     status is preserved
   */
  public Transcription transcribe(CreateTranscriptionRequest request) {
    return Calls.await(transcribeAsync(request));
  }

  /** Calls {@link #transcribe(CreateTranscriptionRequest)} with the request that is built. */
  public Transcription transcribe(Consumer<CreateTranscriptionRequest.Builder> request) {
    return transcribe(transcription(request));
  }

  /**
   * Returns a future of the text. Cancelling it cancels the call. Never throws: an invalid request
   * fails the future. Continuations run on threads of the backend and must not block.
   */
  public CompletableFuture<Transcription> transcribeAsync(CreateTranscriptionRequest request) {
    return Calls.whole(() -> engine.batches(BatchApi.TRANSCRIPTION, whole(request), context));
  }

  /**
   * Transcribes an audio file as a stream of events, for reading in a blocking loop. The text
   * arrives in pieces if the model streams. Closing the stream cancels the rest of the call.
   *
   * @throws OpenAiException if the request is invalid; later failures are thrown while reading
   */
  public ChunkStream<TranscriptionStreamEvent> streamTranscription(
      CreateTranscriptionRequest request) {
    CreateTranscriptionRequest streamed = request.toBuilder().stream(true).build();
    var call = Calls.await(engine.batches(BatchApi.TRANSCRIPTION, streamed, true, context));
    return new ChunkStream<>(
        call.<TranscriptionStreamEvent>stream(TranscriptSink::new), call.droppedParams());
  }

  /**
   * Translates an audio file into English text. Blocks until the text has arrived; an interrupt
   * cancels the call.
   *
   * @throws OpenAiException if the request is invalid, the model does not support translation, or
   *     the backend fails
   */
  public Transcription translate(CreateTranscriptionRequest request) {
    return Calls.await(translateAsync(request));
  }

  /** Calls {@link #translate(CreateTranscriptionRequest)} with the request that is built. */
  public Transcription translate(Consumer<CreateTranscriptionRequest.Builder> request) {
    return translate(transcription(request));
  }

  /** Returns a future of the text in English; see {@link #transcribeAsync}. */
  public CompletableFuture<Transcription> translateAsync(CreateTranscriptionRequest request) {
    return Calls.whole(() -> engine.batches(BatchApi.TRANSLATION, whole(request), context));
  }

  /**
   * Converts a text into spoken audio. Blocks until all audio has arrived; an interrupt cancels the
   * call.
   *
   * @throws OpenAiException if the request is invalid or the backend fails
   */
  public Speech speak(CreateSpeechRequest request) {
    return Calls.await(speakAsync(request));
  }

  /** Calls {@link #speak(CreateSpeechRequest)} with the request that is built. */
  public Speech speak(Consumer<CreateSpeechRequest.Builder> request) {
    var builder = CreateSpeechRequest.builder();
    request.accept(builder);
    return speak(builder.build());
  }

  /** Returns a future of the spoken audio; see {@link #transcribeAsync}. */
  public CompletableFuture<Speech> speakAsync(CreateSpeechRequest request) {
    return Calls.whole(() -> engine.batches(BatchApi.SPEECH, request, context));
  }

  /**
   * Returns an explanation of what would be sent for a transcription. Sends nothing.
   *
   * @throws OpenAiException if the model is unknown or its dialect has not been detected yet. Other
   *     problems are part of the explanation
   */
  public Explanation explain(CreateTranscriptionRequest request) {
    return engine.explanations().of(BatchApi.TRANSCRIPTION, request);
  }

  /**
   * Returns an explanation of what would be sent for a speech request. Sends nothing.
   *
   * @throws OpenAiException if the model is unknown or its dialect has not been detected yet. Other
   *     problems are part of the explanation
   */
  public Explanation explain(CreateSpeechRequest request) {
    return engine.explanations().of(BatchApi.SPEECH, request);
  }

  private static CreateTranscriptionRequest whole(CreateTranscriptionRequest request) {
    return request.toBuilder().stream(null).build();
  }

  private static CreateTranscriptionRequest transcription(
      Consumer<CreateTranscriptionRequest.Builder> request) {
    var builder = CreateTranscriptionRequest.builder();
    request.accept(builder);
    return builder.build();
  }
}
