package io.github.openaikserve;

import io.github.openaikserve.dialect.Explanation;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The chat completions resource: {@code /v1/chat/completions}. Thread-safe.
 *
 * <p>Each method accepts a request object, or a function that configures a request builder. The
 * method, not the request's {@code stream} field, decides whether the answer is streamed. Use
 * {@link OpenAiKServe#with} to set time limits, headers and ids. Failures are reported as {@link
 * OpenAiException}s.
 *
 * <pre>{@code
 * ChatCompletion answer = openai.chatCompletions().create(r -> r.model("m").user("Hi"));
 *
 * try (var chunks = openai.chatCompletions().stream(r -> r.model("m").user("Hi"))) {
 *   chunks.forEach(chunk -> System.out.print(chunk.text()));
 * }
 * }</pre>
 */
public final class ChatCompletions {
  private final Engine engine;
  private final ModelRegistry models;
  private final CallContext context;

  ChatCompletions(Engine engine, ModelRegistry models, CallContext context) {
    this.engine = engine;
    this.models = models;
    this.context = context;
  }

  /**
   * Returns the whole answer. Blocks until it has arrived; an interrupt cancels the call.
   *
   * @throws OpenAiException if the request is invalid or the backend fails; the exception carries
   *     the {@link OpenAiException#partialText text} received before the failure
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; the interrupt
   *     status is preserved
   */
  public ChatCompletion create(CreateChatCompletionRequest request) {
    return Calls.await(createAsync(request));
  }

  /** Calls {@link #create(CreateChatCompletionRequest)} with the request that is built. */
  public ChatCompletion create(Consumer<CreateChatCompletionRequest.Builder> request) {
    return create(build(request));
  }

  /**
   * Returns a future of the whole answer. Cancelling it cancels the call. Never throws: an invalid
   * request fails the future. Continuations run on threads of the backend and must not block.
   */
  public CompletableFuture<ChatCompletion> createAsync(CreateChatCompletionRequest request) {
    return Calls.whole(() -> engine.chat(request, false, context));
  }

  /** Calls {@link #createAsync(CreateChatCompletionRequest)} with the request that is built. */
  public CompletableFuture<ChatCompletion> createAsync(
      Consumer<CreateChatCompletionRequest.Builder> request) {
    return Calls.whole(() -> engine.chat(build(request), false, context));
  }

  /**
   * Returns the answer in chunks, for reading in a blocking loop. Closing it cancels the rest of
   * the call.
   *
   * <p>Blocks until the model is found, which usually needs no query. The time limits start now,
   * the call starts when reading begins.
   *
   * @throws OpenAiException if the request is invalid; later failures are thrown while reading
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; the interrupt
   *     status is preserved
   */
  public ChunkStream<ChatCompletionChunk> stream(CreateChatCompletionRequest request) {
    var call = Calls.await(engine.chat(request, true, context));
    return new ChunkStream<>(call.chunks(), call.droppedParams());
  }

  /** Calls {@link #stream(CreateChatCompletionRequest)} with the request that is built. */
  public ChunkStream<ChatCompletionChunk> stream(
      Consumer<CreateChatCompletionRequest.Builder> request) {
    return stream(build(request));
  }

  /** Returns the answer in chunks, for one subscriber. Never throws: see {@link ChunkPublisher}. */
  public ChunkPublisher<ChatCompletionChunk> streamAsync(CreateChatCompletionRequest request) {
    return new ChunkPublisher<>(() -> engine.chat(request, true, context));
  }

  /** Calls {@link #streamAsync(CreateChatCompletionRequest)} with the request that is built. */
  public ChunkPublisher<ChatCompletionChunk> streamAsync(
      Consumer<CreateChatCompletionRequest.Builder> request) {
    return new ChunkPublisher<>(() -> engine.chat(build(request), true, context));
  }

  /**
   * Returns an explanation of what would be sent for a request. Sends nothing.
   *
   * @throws OpenAiException if the model is unknown or its dialect has not been detected yet;
   *     {@link #explainAsync} detects it. Other problems are part of the explanation
   */
  public Explanation explain(CreateChatCompletionRequest request) {
    return engine.explanations().of(request);
  }

  /**
   * Returns a future explanation. Queries the server if the model is unknown or its dialect has not
   * been detected.
   */
  public CompletableFuture<Explanation> explainAsync(CreateChatCompletionRequest request) {
    return Calls.explained(() -> models.find(request.model()), () -> explain(request));
  }

  private static CreateChatCompletionRequest build(
      Consumer<CreateChatCompletionRequest.Builder> request) {
    var builder = CreateChatCompletionRequest.builder();
    request.accept(builder);
    return builder.build();
  }
}
