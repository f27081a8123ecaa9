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
 * Texts that are continued: {@code /v1/completions}. Thread-safe.
 *
 * <p>A method that makes a call takes a request, or a function that sets the fields of one. The
 * method decides whether the answer is streamed, whatever the request's own {@code stream}. {@link
 * OpenAiKServe#with} sets time limits, headers and ids. Failures are {@link OpenAiException}s.
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
   * @throws OpenAiException if the request is invalid or the backend fails; it carries the {@link
   *     OpenAiException#partialText text} that had arrived
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
   * Returns the answer in chunks, to read in a loop that blocks. Close it to cancel the rest.
   *
   * @throws OpenAiException if the request is invalid; later failures are thrown while reading
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
   * Explains what would be sent for a request, without sending anything.
   *
   * @throws OpenAiException if the model is not known, or its dialect is still to be detected,
   *     which {@link #explainAsync} does; what else is wrong is in the explanation
   */
  public Explanation explain(CreateCompletionRequest request) {
    return engine.explain(request);
  }

  /** Explains what would be sent for a request; asks the server about a model that is not known. */
  public CompletableFuture<Explanation> explainAsync(CreateCompletionRequest request) {
    return Calls.explained(() -> models.find(request.model()), () -> explain(request));
  }

  private static CreateCompletionRequest build(Consumer<CreateCompletionRequest.Builder> request) {
    var builder = CreateCompletionRequest.builder();
    request.accept(builder);
    return builder.build();
  }
}
