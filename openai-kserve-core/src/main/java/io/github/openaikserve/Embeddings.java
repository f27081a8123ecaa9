package io.github.openaikserve;

import io.github.openaikserve.dialect.Explanation;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.batch.BatchApi;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.CreateEmbeddingResponse;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The embeddings resource: {@code /v1/embeddings}. Thread-safe.
 *
 * <p>Each method accepts a request object, or a function that configures a request builder. Inputs
 * that do not fit into one call to the server are split into several calls. The first failure
 * cancels the other calls. Use {@link OpenAiKServe#with} to set time limits, headers and ids.
 * Failures are reported as {@link OpenAiException}s.
 */
public final class Embeddings {
  private final Engine engine;
  private final ModelRegistry models;
  private final CallContext context;

  Embeddings(Engine engine, ModelRegistry models, CallContext context) {
    this.engine = engine;
    this.models = models;
    this.context = context;
  }

  /**
   * Returns the vectors. Blocks until they have arrived; an interrupt cancels the calls.
   *
   * @throws OpenAiException if the request is invalid or the backend fails
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; the interrupt
   *     status is preserved
   */
  public CreateEmbeddingResponse create(CreateEmbeddingRequest request) {
    return Calls.await(createAsync(request));
  }

  /** Calls {@link #create(CreateEmbeddingRequest)} with the request that is built. */
  public CreateEmbeddingResponse create(Consumer<CreateEmbeddingRequest.Builder> request) {
    return create(build(request));
  }

  /**
   * Returns a future of the vectors. Cancelling it cancels the calls. Never throws: an invalid
   * request fails the future. Continuations run on threads of the backend and must not block.
   */
  public CompletableFuture<CreateEmbeddingResponse> createAsync(CreateEmbeddingRequest request) {
    return Calls.whole(() -> engine.batches(BatchApi.EMBEDDING, request, context));
  }

  /** Calls {@link #createAsync(CreateEmbeddingRequest)} with the request that is built. */
  public CompletableFuture<CreateEmbeddingResponse> createAsync(
      Consumer<CreateEmbeddingRequest.Builder> request) {
    return Calls.whole(() -> engine.batches(BatchApi.EMBEDDING, build(request), context));
  }

  /**
   * Returns an explanation of what would be sent for a request. Sends nothing.
   *
   * @throws OpenAiException if the model is unknown or its dialect has not been detected yet;
   *     {@link #explainAsync} detects it. Other problems are part of the explanation
   */
  public Explanation explain(CreateEmbeddingRequest request) {
    return engine.explanations().of(BatchApi.EMBEDDING, request);
  }

  /**
   * Returns a future explanation. Queries the server if the model is unknown or its dialect has not
   * been detected.
   */
  public CompletableFuture<Explanation> explainAsync(CreateEmbeddingRequest request) {
    return Calls.explained(() -> models.find(request.model()), () -> explain(request));
  }

  private static CreateEmbeddingRequest build(Consumer<CreateEmbeddingRequest.Builder> request) {
    var builder = CreateEmbeddingRequest.builder();
    request.accept(builder);
    return builder.build();
  }
}
