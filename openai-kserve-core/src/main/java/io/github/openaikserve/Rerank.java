package io.github.openaikserve;

import io.github.openaikserve.dialect.Explanation;
import io.github.openaikserve.encoder.RerankRequest;
import io.github.openaikserve.encoder.RerankResponse;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.BatchApi;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.request.CallContext;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Documents ordered by their relevance to a query: {@code /v1/rerank}. Thread-safe.
 *
 * <p>A method that makes a call takes a request, or a function that sets the fields of one.
 * Documents that do not fit into one call to the server are sent in several; the first failure
 * cancels the others. {@link OpenAiKServe#with} sets time limits, headers and ids. Failures are
 * {@link OpenAiException}s.
 */
public final class Rerank {
  private final Engine engine;
  private final ModelRegistry models;
  private final CallContext context;

  Rerank(Engine engine, ModelRegistry models, CallContext context) {
    this.engine = engine;
    this.models = models;
    this.context = context;
  }

  /**
   * Returns the documents in their new order. Blocks until all scores have arrived; an interrupt
   * cancels the calls.
   *
   * @throws OpenAiException if the request is invalid or the backend fails
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; the interrupt
   *     status is preserved
   */
  public RerankResponse create(RerankRequest request) {
    return Calls.await(createAsync(request));
  }

  /** Calls {@link #create(RerankRequest)} with the request that is built. */
  public RerankResponse create(Consumer<RerankRequest.Builder> request) {
    return create(build(request));
  }

  /**
   * Returns a future of the documents in their new order. Cancelling it cancels the calls. Never
   * throws: an invalid request fails the future. Continuations run on threads of the backend and
   * must not block.
   */
  public CompletableFuture<RerankResponse> createAsync(RerankRequest request) {
    return Calls.whole(() -> engine.batches(BatchApi.RERANK, request, context));
  }

  /** Calls {@link #createAsync(RerankRequest)} with the request that is built. */
  public CompletableFuture<RerankResponse> createAsync(Consumer<RerankRequest.Builder> request) {
    return Calls.whole(() -> engine.batches(BatchApi.RERANK, build(request), context));
  }

  /**
   * Explains what would be sent for a request, without sending anything.
   *
   * @throws OpenAiException if the model is not known, or its dialect is still to be detected,
   *     which {@link #explainAsync} does; what else is wrong is in the explanation
   */
  public Explanation explain(RerankRequest request) {
    return engine.explain(BatchApi.RERANK, request);
  }

  /** Explains what would be sent for a request; asks the server about a model that is not known. */
  public CompletableFuture<Explanation> explainAsync(RerankRequest request) {
    return Calls.explained(() -> models.find(request.model()), () -> explain(request));
  }

  private static RerankRequest build(Consumer<RerankRequest.Builder> request) {
    var builder = RerankRequest.builder();
    request.accept(builder);
    return builder.build();
  }
}
