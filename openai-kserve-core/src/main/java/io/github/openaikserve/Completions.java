package io.github.openaikserve;

import io.github.openaikserve.dialect.Explanation;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CreateCompletionRequest;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The text completions resource: {@code /v1/completions}. Thread-safe.
 *
 * <p>Each method accepts a request object, or a function that configures a request builder. The
 * method, not the request's {@code stream} field, decides whether the answer is streamed. Use
 * {@link OpenAiKServe#with} to set time limits, headers and ids. Failures are reported as {@link
 * OpenAiException}s.
 */
public final class Completions {
  private final Engine engine;
  private final ModelRegistry models;
  private final CallContext context;

  Completions(Engine engine, ModelRegistry models, CallContext context) {
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
  public Completion create(CreateCompletionRequest request) {
    return Calls.await(createAsync(request));
  }

  /** Calls {@link #create(CreateCompletionRequest)} with the request that is built. */
  public Completion create(Consumer<CreateCompletionRequest.Builder> request) {
    return create(build(request));
  }

  /**
   * Returns a future of the whole answer. Cancelling it cancels the call. Never throws: an invalid
   * request fails the future. Continuations run on threads of the backend and must not block.
   */
  public CompletableFuture<Completion> createAsync(CreateCompletionRequest request) {
    return Calls.whole(() -> engine.completion(request, false, context));
  }

  /** Calls {@link #createAsync(CreateCompletionRequest)} with the request that is built. */
  public CompletableFuture<Completion> createAsync(
      Consumer<CreateCompletionRequest.Builder> request) {
    return Calls.whole(() -> engine.completion(build(request), false, context));
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
  public ChunkStream<Completion> stream(CreateCompletionRequest request) {
    var call = Calls.await(engine.completion(request, true, context));
    return new ChunkStream<>(call.chunks(), call.droppedParams());
  }

  /** Calls {@link #stream(CreateCompletionRequest)} with the request that is built. */
  public ChunkStream<Completion> stream(Consumer<CreateCompletionRequest.Builder> request) {
    return stream(build(request));
  }

  /** Returns the answer in chunks, for one subscriber. Never throws: see {@link ChunkPublisher}. */
  public ChunkPublisher<Completion> streamAsync(CreateCompletionRequest request) {
    return new ChunkPublisher<>(() -> engine.completion(request, true, context));
  }

  /** Calls {@link #streamAsync(CreateCompletionRequest)} with the request that is built. */
  public ChunkPublisher<Completion> streamAsync(Consumer<CreateCompletionRequest.Builder> request) {
    return new ChunkPublisher<>(() -> engine.completion(build(request), true, context));
  }

  /**
   * Returns an explanation of what would be sent for a request. Sends nothing.
   *
   * @throws OpenAiException if the model is unknown or its dialect has not been detected yet;
   *     {@link #explainAsync} detects it. Other problems are part of the explanation
   */
  public Explanation explain(CreateCompletionRequest request) {
    return engine.explanations().of(request);
  }

  /**
   * Returns a future explanation. Queries the server if the model is unknown or its dialect has not
   * been detected.
   */
  public CompletableFuture<Explanation> explainAsync(CreateCompletionRequest request) {
    return Calls.explained(() -> models.find(request.model()), () -> explain(request));
  }

  private static CreateCompletionRequest build(Consumer<CreateCompletionRequest.Builder> request) {
    var builder = CreateCompletionRequest.builder();
    request.accept(builder);
    return builder.build();
  }
}
