package io.github.openaikserve;

import io.github.openaikserve.dialect.Explanation;
import io.github.openaikserve.encoder.RerankRequest;
import io.github.openaikserve.encoder.RerankResponse;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.batch.BatchApi;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.request.CallContext;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The reranking resource, which orders documents by relevance to a query: {@code /v1/rerank}.
 * Thread-safe.
 *
 * <p>Each method accepts a request object, or a function that configures a request builder.
 * Documents that do not fit into one call to the server are split into several calls. The first
 * failure cancels the other calls. Use {@link OpenAiKServe#with} to set time limits, headers and
 * ids. Failures are reported as {@link OpenAiException}s.
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
   * Returns the documents in order of relevance. Blocks until all scores have arrived; an interrupt
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
   * Returns a future of the documents in order of relevance. Cancelling it cancels the calls. Never
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
   * Returns an explanation of what would be sent for a request. Sends nothing.
   *
   * @throws OpenAiException if the model is unknown or its dialect has not been detected yet;
   *     {@link #explainAsync} detects it. Other problems are part of the explanation
   */
  public Explanation explain(RerankRequest request) {
    return engine.explanations().of(BatchApi.RERANK, request);
  }

  /**
   * Returns a future explanation. Queries the server if the model is unknown or its dialect has not
   * been detected.
   */
  public CompletableFuture<Explanation> explainAsync(RerankRequest request) {
    return Calls.explained(() -> models.find(request.model()), () -> explain(request));
  }

  private static RerankRequest build(Consumer<RerankRequest.Builder> request) {
    var builder = RerankRequest.builder();
    request.accept(builder);
    return builder.build();
  }
}
