package io.github.openaikserve.internal.http;

import io.github.openaikserve.anthropic.CreateMessageRequest;
import io.github.openaikserve.anthropic.Message;
import io.github.openaikserve.anthropic.MessageStreamEvent;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.answer.AnswerSink;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.GeneratedAnswer;
import io.github.openaikserve.internal.answer.WholeAnswer;
import io.github.openaikserve.internal.flow.CancellationPropagatingFuture;
import io.github.openaikserve.internal.json.read.ChatBody;
import io.github.openaikserve.internal.json.read.RequestJson;
import io.github.openaikserve.internal.json.write.AnswerWriter;
import io.github.openaikserve.internal.json.write.MessageWriter;
import io.github.openaikserve.internal.json.write.ResponseWriter;
import io.github.openaikserve.internal.messages.MessageService;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.internal.responses.ResponseService;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.ReasoningFields;
import io.github.openaikserve.openai.responses.CreateResponseRequest;
import io.github.openaikserve.openai.responses.Response;
import io.github.openaikserve.openai.responses.ResponseStreamEvent;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint for generated text: chat completions, responses, messages and text completions.
 *
 * @param reader reads a request
 * @param model returns the model's name in a request; null for none
 * @param streamed returns whether a request asks for a stream; null means no
 * @param preparation prepares the answer
 * @param sinks creates the sink of a stream
 * @param json writes a whole answer
 */
record GenerationEndpoint<R, C, A>(
    Function<byte[], R> reader,
    Function<R, @Nullable String> model,
    Function<R, @Nullable Boolean> streamed,
    Preparation<R, C, A> preparation,
    Sinks<C, A> sinks,
    Function<A, byte[]> json,
    AnswerSettings settings)
    implements Endpoint {

  /** A function that prepares the answer to a request. */
  interface Preparation<R, C, A> {
    CompletableFuture<GeneratedAnswer<C, A>> prepare(
        R request, boolean stream, CallContext context);

    /** Prepares a whole answer. */
    default CompletableFuture<? extends WholeAnswer<A>> whole(R request, CallContext context) {
      return prepare(request, false, context);
    }
  }

  /** A factory of the sink that writes the events of an answer. */
  interface Sinks<C, A> {
    AnswerSink of(GeneratedAnswer<C, A> answer, SseEnd end, Consumer<? super ByteBuffer> output);
  }

  /**
   * Returns a factory of sinks that write one event for each chunk.
   *
   * @param chunkJson writes a chunk; with true, a chunk without usage has {@code "usage": null}
   */
  private static <C, A> Sinks<C, A> chunks(BiFunction<C, Boolean, byte[]> chunkJson) {
    return (answer, end, output) -> {
      boolean usage = answer.head().includeUsage();
      return new SseSink<C>(answer::chunkSink, chunk -> chunkJson.apply(chunk, usage), end, output);
    };
  }

  /** The settings for sending answers. */
  record AnswerSettings(
      KeepAlive keepAlive, boolean abortFailedStreams, ReasoningFields reasoning) {}

  /** Returns {@code POST /v1/chat/completions}. */
  static GenerationEndpoint<ChatBody, ChatCompletionChunk, ChatCompletion> chat(
      Engine engine, RequestJson requests, AnswerSettings settings) {
    return new GenerationEndpoint<>(
        requests::chat,
        body -> body.request().model(),
        body -> body.request().stream(),
        (body, stream, context) ->
            engine.chat(body.request(), stream, context, body.legacyFunctions()),
        chunks((chunk, usage) -> AnswerWriter.write(chunk, usage, settings.reasoning())),
        answer -> AnswerWriter.write(answer, settings.reasoning()),
        settings);
  }

  /** Returns {@code POST /v1/completions}. */
  static GenerationEndpoint<CreateCompletionRequest, Completion, Completion> completion(
      Engine engine, RequestJson requests, AnswerSettings settings) {
    return new GenerationEndpoint<>(
        requests::completion,
        CreateCompletionRequest::model,
        CreateCompletionRequest::stream,
        engine::completion,
        chunks(AnswerWriter::writeChunk),
        AnswerWriter::write,
        settings);
  }

  /** Returns {@code POST /v1/responses}. */
  static GenerationEndpoint<CreateResponseRequest, ResponseStreamEvent, Response> response(
      ResponseService service, RequestJson requests, AnswerSettings settings) {
    return new GenerationEndpoint<>(
        requests::response,
        CreateResponseRequest::model,
        CreateResponseRequest::stream,
        new Responding(service),
        (answer, end, output) -> new ResponseSseSink(answer::chunkSink, end, output),
        ResponseWriter::write,
        settings);
  }

  /** Returns {@code POST /v1/messages}. */
  static GenerationEndpoint<CreateMessageRequest, MessageStreamEvent, Message> message(
      MessageService service, RequestJson requests, AnswerSettings settings) {
    return new GenerationEndpoint<>(
        requests::message,
        CreateMessageRequest::model,
        CreateMessageRequest::stream,
        service::answer,
        (answer, end, output) -> new MessageSseSink(answer::chunkSink, end, output),
        MessageWriter::write,
        settings);
  }

  /** The preparation of responses. */
  private record Responding(ResponseService service)
      implements Preparation<CreateResponseRequest, ResponseStreamEvent, Response> {
    @Override
    public CompletableFuture<GeneratedAnswer<ResponseStreamEvent, Response>> prepare(
        CreateResponseRequest request, boolean stream, CallContext context) {
      return service.respond(request, stream, context);
    }

    @Override
    public CompletableFuture<? extends WholeAnswer<Response>> whole(
        CreateResponseRequest request, CallContext context) {
      return service.whole(request, context);
    }
  }

  @Override
  public List<String> methods(String rest) {
    return rest.isEmpty() ? List.of("POST") : List.of();
  }

  @Override
  public CompletableFuture<ApiResponse> answer(
      ApiRequest http, String rest, CallContext context, RequestLog log) {
    R request = reader.apply(http.body());
    log.setModel(model.apply(request));
    return Boolean.TRUE.equals(streamed.apply(request))
        ? respond(preparation.prepare(request, true, context), answer -> stream(answer, log))
        : whole(preparation.whole(request, context), json);
  }

  /** Returns the HTTP response for a whole answer. */
  static <A> CompletableFuture<ApiResponse> whole(
      CompletableFuture<? extends WholeAnswer<A>> prepared, Function<? super A, byte[]> json) {
    return answered(prepared, (value, dropped) -> Responses.json(json.apply(value), dropped));
  }

  /**
   * Returns the HTTP response for a whole answer.
   *
   * @param response creates the HTTP response from the answer and the names of dropped fields
   */
  static <A> CompletableFuture<ApiResponse> answered(
      CompletableFuture<? extends WholeAnswer<A>> prepared,
      BiFunction<? super A, List<String>, ApiResponse> response) {
    return respond(
        prepared,
        answer -> answer.whole().thenApply(value -> response.apply(value, answer.droppedParams())));
  }

  private CompletableFuture<ApiResponse> stream(GeneratedAnswer<C, A> answer, RequestLog log) {
    return new StreamedResponse(settings, log)
        .events(
            end -> answer.stream(output -> sinks.of(answer, end, output)),
            answer::awaitReader,
            answer.droppedParams());
  }

  /**
   * Returns the HTTP response to a prepared answer.
   *
   * @param toResponse starts the answer and returns its response
   */
  static <K> CompletableFuture<ApiResponse> respond(
      CompletableFuture<? extends K> prepared,
      Function<? super K, CompletableFuture<ApiResponse>> toResponse) {
    return CancellationPropagatingFuture.compose(
        prepared, toResponse, response -> response.body().close());
  }
}
