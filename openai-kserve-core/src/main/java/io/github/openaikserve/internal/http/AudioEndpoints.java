package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.batch.BatchAnswer;
import io.github.openaikserve.internal.answer.batch.BatchApi;
import io.github.openaikserve.internal.answer.batch.SpeechForm;
import io.github.openaikserve.internal.answer.batch.TranscriptSink;
import io.github.openaikserve.internal.http.response.PieceSseSink;
import io.github.openaikserve.internal.http.response.RequestLog;
import io.github.openaikserve.internal.http.response.Responses;
import io.github.openaikserve.internal.http.response.SpeechSink;
import io.github.openaikserve.internal.http.response.StreamedResponse;
import io.github.openaikserve.internal.http.response.Subtitles;
import io.github.openaikserve.internal.json.read.RequestJson;
import io.github.openaikserve.internal.json.read.SpeechBody;
import io.github.openaikserve.internal.json.write.AudioWriter;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.internal.request.batch.SpeechInputs;
import io.github.openaikserve.openai.audio.CreateTranscriptionRequest;
import io.github.openaikserve.openai.audio.Speech;
import io.github.openaikserve.openai.audio.SpeechFormat;
import io.github.openaikserve.openai.audio.Transcription;
import io.github.openaikserve.openai.audio.TranscriptionFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints {@code POST /v1/audio/transcriptions}, {@code /translations} and {@code /speech}.
 */
record AudioEndpoints(Engine engine, RequestJson requests, StreamedResponse.Settings settings) {
  private static final String TEXT = "text/plain; charset=utf-8";

  /**
   * Returns the endpoint of transcriptions or translations.
   *
   * @param translates whether the text is translated into English
   */
  Endpoint transcription(boolean translates) {
    return (http, rest, context, log) -> transcription(http, translates, context, log);
  }

  private CompletableFuture<ApiResponse> transcription(
      ApiRequest http, boolean translates, CallContext context, RequestLog log) {
    CreateTranscriptionRequest request =
        TranscriptionFormReader.read(http.header("content-type"), http.body(), translates);
    log.setModel(request.model());
    boolean stream = Boolean.TRUE.equals(request.stream());
    CompletableFuture<BatchAnswer<Transcription>> prepared =
        engine.batches(
            translates ? BatchApi.TRANSLATION : BatchApi.TRANSCRIPTION, request, stream, context);
    return stream
        ? Responses.of(prepared, answer -> transcript(answer, new StreamedResponse(settings, log)))
        : Responses.answered(
            prepared, (answer, dropped) -> response(request.responseFormat(), answer, translates));
  }

  private static CompletableFuture<ApiResponse> transcript(
      BatchAnswer<Transcription> answer, StreamedResponse response) {
    return response.events(
        answer.stream(
            (route, output) ->
                new PieceSseSink(
                    events ->
                        new TranscriptSink(route, event -> events.accept(AudioWriter.write(event))),
                    response,
                    output)),
        answer::awaitReader,
        answer.droppedParams());
  }

  private static ApiResponse response(
      @Nullable TranscriptionFormat format, Transcription answer, boolean translates) {
    List<String> dropped = answer.droppedParams();
    return switch (format == null ? TranscriptionFormat.JSON : format) {
      case JSON -> Responses.json(AudioWriter.write(answer), dropped);
      case VERBOSE_JSON -> Responses.json(AudioWriter.writeVerbose(answer, translates), dropped);
      case TEXT -> text(TEXT, answer.text() + "\n", dropped);
      case SRT -> text(TEXT, Subtitles.srt(answer), dropped);
      case VTT -> text("text/vtt; charset=utf-8", Subtitles.vtt(answer), dropped);
    };
  }

  private static ApiResponse text(String contentType, String text, List<String> dropped) {
    return Responses.of(contentType, ApiBody.of(text.getBytes(StandardCharsets.UTF_8)), dropped);
  }

  /** Returns the endpoint of speech. Audio is streamed if the model streams. */
  Endpoint speech() {
    return Endpoint.of(
        requests::speech,
        body -> body.request().model(),
        (body, context, log) ->
            Responses.of(
                engine.batches(BatchApi.SPEECH, body.request(), true, context),
                answer ->
                    answer.streams() || body.events()
                        ? speech(answer, body, new StreamedResponse(settings, log))
                        : answer.whole().thenApply(AudioEndpoints::whole)));
  }

  private static ApiResponse whole(Speech speech) {
    ByteBuffer audio = speech.audio();
    byte[] bytes = new byte[audio.remaining()];
    audio.get(bytes);
    return Responses.of(speech.format().contentType(), ApiBody.of(bytes), speech.droppedParams());
  }

  private static CompletableFuture<ApiResponse> speech(
      BatchAnswer<Speech> answer, SpeechBody body, StreamedResponse response) {
    SpeechFormat format = new SpeechInputs(body.request()).format(answer.route());
    byte[] header = SpeechForm.header(answer.route(), format, -1);
    return body.events()
        ? response.events(
            answer.stream(
                (route, output) ->
                    new PieceSseSink(
                        events -> SpeechSink.events(header, events), response, output)),
            answer::awaitReader,
            answer.droppedParams())
        : response.bytes(
            format.contentType(),
            answer.stream((route, output) -> SpeechSink.bytes(header, response, output)),
            answer::awaitReader,
            answer.droppedParams());
  }
}
