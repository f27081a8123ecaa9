package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.answer.AnswerSink;
import io.github.openaikserve.internal.answer.ChatForm;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.GeneratedAnswer;
import io.github.openaikserve.internal.decisions.DecisionChat;
import io.github.openaikserve.internal.http.response.MessageSseSink;
import io.github.openaikserve.internal.http.response.RequestLog;
import io.github.openaikserve.internal.http.response.ResponseSseSink;
import io.github.openaikserve.internal.http.response.Responses;
import io.github.openaikserve.internal.http.response.SseSink;
import io.github.openaikserve.internal.http.response.StreamedResponse;
import io.github.openaikserve.internal.json.read.RequestJson;
import io.github.openaikserve.internal.json.write.AnswerWriter;
import io.github.openaikserve.internal.json.write.DecisionWriter;
import io.github.openaikserve.internal.json.write.MessageWriter;
import io.github.openaikserve.internal.json.write.ResponseWriter;
import io.github.openaikserve.internal.messages.MessageService;
import io.github.openaikserve.internal.responses.ResponseService;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.ReasoningFields;
import io.github.openaikserve.openai.decisions.CreateDecisionRequest;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The endpoints for generated text. */
record GenerationEndpoints(
    Engine engine, RequestJson requests, StreamedResponse.Settings settings) {
  /** A factory of the sink that writes the events of an answer. */
  private interface Sinks<C, A> {
    AnswerSink of(
        GeneratedAnswer<C, A> answer,
        StreamedResponse response,
        Consumer<? super ByteBuffer> output);
  }

  /** Returns {@code POST /v1/chat/completions}. */
  Endpoint chat() {
    ReasoningFields reasoning = settings.reasoning();
    return Endpoint.of(
        requests::chat,
        body -> body.request().model(),
        (body, context, log) -> {
          boolean stream = isTrue(body.request().stream());
          var form = ChatForm.of(body.request(), body.legacyFunctions(), body.legacyChoice());
          var prepared = engine.chat(form, stream, context);
          return stream
              ? stream(
                  prepared,
                  log,
                  chunks((chunk, usage) -> AnswerWriter.write(chunk, usage, reasoning)))
              : Responses.whole(prepared, answer -> AnswerWriter.write(answer, reasoning));
        });
  }

  /** Returns {@code POST /v1/completions}. */
  Endpoint completion() {
    return Endpoint.of(
        requests::completion,
        CreateCompletionRequest::model,
        (request, context, log) -> {
          boolean stream = isTrue(request.stream());
          var prepared = engine.completion(request, stream, context);
          return stream
              ? stream(prepared, log, chunks(AnswerWriter::writeChunk))
              : Responses.whole(prepared, AnswerWriter::write);
        });
  }

  /** Returns {@code POST /v1/responses}. */
  Endpoint response(ResponseService service) {
    return Endpoint.of(
        requests::response,
        request -> request.model(),
        (request, context, log) ->
            isTrue(request.stream())
                ? stream(
                    service.respond(request, true, context),
                    log,
                    (answer, response, output) ->
                        new ResponseSseSink(answer::chunkSink, response, output))
                : Responses.whole(service.whole(request, context), ResponseWriter::write));
  }

  /** Returns {@code POST /v1/messages}. */
  Endpoint message(MessageService service) {
    return Endpoint.of(
        requests::message,
        request -> request.model(),
        (request, context, log) -> {
          boolean stream = isTrue(request.stream());
          var prepared = service.answer(request, stream, context);
          return stream
              ? stream(
                  prepared,
                  log,
                  (answer, response, output) ->
                      new MessageSseSink(answer::chunkSink, response, output))
              : Responses.whole(prepared, MessageWriter::write);
        });
  }

  /** Returns {@code POST /v1/decisions}. */
  Endpoint decision() {
    return Endpoint.of(
        requests::decision,
        CreateDecisionRequest::model,
        (request, context, log) ->
            Responses.whole(
                engine.chat(new DecisionChat(request), false, context), DecisionWriter::write));
  }

  private static boolean isTrue(@Nullable Boolean value) {
    return Boolean.TRUE.equals(value);
  }

  /**
   * Returns a factory of sinks that write one event for each chunk.
   *
   * @param json writes a chunk; with true, a chunk without usage has {@code "usage": null}
   */
  private static <C, A> Sinks<C, A> chunks(BiFunction<C, Boolean, byte[]> json) {
    return (answer, response, output) -> {
      boolean usage = answer.head().includeUsage();
      return new SseSink<C>(answer::chunkSink, chunk -> json.apply(chunk, usage), response, output);
    };
  }

  private <C, A> CompletableFuture<ApiResponse> stream(
      CompletableFuture<GeneratedAnswer<C, A>> prepared, RequestLog log, Sinks<C, A> sinks) {
    return Responses.of(
        prepared,
        answer -> {
          var response = new StreamedResponse(settings, log);
          return response.events(
              answer.stream(output -> sinks.of(answer, response, output)),
              answer::awaitReader,
              answer.droppedParams());
        });
  }
}
