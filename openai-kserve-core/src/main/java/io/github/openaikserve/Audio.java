package io.github.openaikserve;

import io.github.openaikserve.dialect.Explanation;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.BatchApi;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.TranscriptSink;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.audio.CreateSpeechRequest;
import io.github.openaikserve.openai.audio.CreateTranscriptionRequest;
import io.github.openaikserve.openai.audio.Speech;
import io.github.openaikserve.openai.audio.Transcription;
import io.github.openaikserve.openai.audio.TranscriptionStreamEvent;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Audio turned into text and text into audio: {@code /v1/audio/transcriptions}, {@code
 * /v1/audio/translations} and {@code /v1/audio/speech}. Thread-safe.
 *
 * <p>A method that makes a call takes a request, or a function that sets the fields of one. {@link
 * OpenAiKServe#with} sets time limits, headers and ids. Failures are {@link OpenAiException}s.
 */
public final class Audio {
  private final Engine engine;
  private final CallContext context;

  Audio(Engine engine, CallContext context) {
    this.engine = engine;
    this.context = context;
  }

  /**
   * Returns the text of an audio file in its own language. Blocks until it has arrived; an
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
   * Returns the text of an audio file as it is heard, to read in a loop that blocks: a piece at a
   * time if the model streams. Close it to cancel the rest.
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
   * Returns the text of an audio file in English. Blocks until it has arrived; an interrupt cancels
   * the call.
   *
   * @throws OpenAiException if the request is invalid, the model does not translate, or the backend
   *     fails
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
   * Returns a text as spoken audio. Blocks until all of it has arrived; an interrupt cancels the
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
   * Explains what would be sent for a request for the text of an audio file, without sending
   * anything.
   *
   * @throws OpenAiException if the model is not known, or its dialect is still to be detected; what
   *     else is wrong is in the explanation
   */
  public Explanation explain(CreateTranscriptionRequest request) {
    return engine.explain(BatchApi.TRANSCRIPTION, request);
  }

  /**
   * Explains what would be sent for a request to speak, without sending anything.
   *
   * @throws OpenAiException if the model is not known, or its dialect is still to be detected; what
   *     else is wrong is in the explanation
   */
  public Explanation explain(CreateSpeechRequest request) {
    return engine.explain(BatchApi.SPEECH, request);
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
