package io.github.openaikserve;

import io.github.openaikserve.dialect.Explanation;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.BatchApi;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.CreateEmbeddingResponse;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Inputs turned into vectors: {@code /v1/embeddings}. Thread-safe.
 *
 * <p>A method that makes a call takes a request, or a function that sets the fields of one. Inputs
 * that do not fit into one call to the server are sent in several; the first failure cancels the
 * others. {@link OpenAiKServe#with} sets time limits, headers and ids. Failures are {@link
 * OpenAiException}s.
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
   * Explains what would be sent for a request, without sending anything.
   *
   * @throws OpenAiException if the model is not known, or its dialect is still to be detected,
   *     which {@link #explainAsync} does; what else is wrong is in the explanation
   */
  public Explanation explain(CreateEmbeddingRequest request) {
    return engine.explain(BatchApi.EMBEDDING, request);
  }

  /** Explains what would be sent for a request; asks the server about a model that is not known. */
  public CompletableFuture<Explanation> explainAsync(CreateEmbeddingRequest request) {
    return Calls.explained(() -> models.find(request.model()), () -> explain(request));
  }

  private static CreateEmbeddingRequest build(Consumer<CreateEmbeddingRequest.Builder> request) {
    var builder = CreateEmbeddingRequest.builder();
    request.accept(builder);
    return builder.build();
  }
}
