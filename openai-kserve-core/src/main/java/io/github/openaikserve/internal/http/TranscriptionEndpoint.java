package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.answer.BatchApi;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.http.GenerationEndpoint.AnswerSettings;
import io.github.openaikserve.internal.json.write.AudioWriter;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.audio.CreateTranscriptionRequest;
import io.github.openaikserve.openai.audio.Transcription;
import io.github.openaikserve.openai.audio.TranscriptionFormat;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The endpoint {@code POST /v1/audio/transcriptions} or {@code /v1/audio/translations}.
 *
 * @param translates whether the text is translated into English
 */
record TranscriptionEndpoint(Engine engine, boolean translates, AnswerSettings settings)
    implements Endpoint {
  private static final String TEXT = "text/plain; charset=utf-8";

  @Override
  public List<String> methods(String rest) {
    return rest.isEmpty() ? List.of("POST") : List.of();
  }

  private BatchApi<CreateTranscriptionRequest, Transcription> api() {
    return translates ? BatchApi.TRANSLATION : BatchApi.TRANSCRIPTION;
  }

  @Override
  public CompletableFuture<ApiResponse> answer(
      ApiRequest http, String rest, CallContext context, RequestLog log) {
    CreateTranscriptionRequest request =
        TranscriptionFormReader.read(http.header("content-type"), http.body(), translates);
    log.setModel(request.model());
    if (Boolean.TRUE.equals(request.stream())) {
      return GenerationEndpoint.respond(
          engine.batches(api(), request, true, context),
          answer ->
              new StreamedResponse(settings, log)
                  .events(
                      end ->
                          answer.stream(
                              (route, output) -> new TranscriptSseSink(route, end, output)),
                      answer::awaitReader,
                      answer.droppedParams()));
    }
    return GenerationEndpoint.answered(
        engine.batches(api(), request, false, context),
        (value, dropped) -> response(request, value));
  }

  private ApiResponse response(CreateTranscriptionRequest request, Transcription answer) {
    TranscriptionFormat format = request.responseFormat();
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
}
