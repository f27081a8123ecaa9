package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.answer.BatchAnswer;
import io.github.openaikserve.internal.answer.BatchApi;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.SpeechForm;
import io.github.openaikserve.internal.http.GenerationEndpoint.AnswerSettings;
import io.github.openaikserve.internal.json.read.RequestJson;
import io.github.openaikserve.internal.json.read.SpeechBody;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.internal.request.SpeechInputs;
import io.github.openaikserve.openai.audio.Speech;
import io.github.openaikserve.openai.audio.SpeechFormat;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The endpoint {@code POST /v1/audio/speech}. Audio is streamed if the model streams. */
record SpeechEndpoint(Engine engine, RequestJson requests, AnswerSettings settings)
    implements Endpoint {
  @Override
  public List<String> methods(String rest) {
    return rest.isEmpty() ? List.of("POST") : List.of();
  }

  @Override
  public CompletableFuture<ApiResponse> answer(
      ApiRequest http, String rest, CallContext context, RequestLog log) {
    SpeechBody body = requests.speech(http.body());
    log.setModel(body.request().model());
    return GenerationEndpoint.respond(
        engine.batches(BatchApi.SPEECH, body.request(), true, context),
        answer ->
            answer.streams() || body.events()
                ? stream(answer, body, log)
                : answer.whole().thenApply(SpeechEndpoint::whole));
  }

  private static ApiResponse whole(Speech speech) {
    ByteBuffer audio = speech.audio();
    byte[] bytes = new byte[audio.remaining()];
    audio.get(bytes);
    return Responses.of(speech.format().contentType(), ApiBody.of(bytes), speech.droppedParams());
  }

  private CompletableFuture<ApiResponse> stream(
      BatchAnswer<Speech> answer, SpeechBody body, RequestLog log) {
    SpeechFormat format = new SpeechInputs(body.request()).format(answer.route());
    byte[] header = SpeechForm.header(answer.route(), format, -1);
    var response = new StreamedResponse(settings, log);
    List<String> dropped = answer.droppedParams();
    return body.events()
        ? response.events(
            end -> answer.stream((route, output) -> new SpeechSink(header, true, end, output)),
            answer::awaitReader,
            dropped)
        : response.bytes(
            format.contentType(),
            end -> answer.stream((route, output) -> new SpeechSink(header, false, end, output)),
            answer::awaitReader,
            dropped);
  }
}
