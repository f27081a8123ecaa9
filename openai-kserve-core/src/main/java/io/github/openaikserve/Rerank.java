package io.github.openaikserve;

import io.github.openaikserve.encoder.RerankRequest;
import io.github.openaikserve.encoder.RerankResponse;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.batch.BatchApi;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.request.CallContext;

/**
 * The reranking resource, which orders documents by relevance to a query: {@code /v1/rerank}.
 * Thread-safe.
 *
 * <p>Each method accepts a request object, or a function that configures a request builder.
 * Documents that do not fit into one call to the server are split into several calls. The first
 * failure cancels the other calls. Use {@link OpenAiKServe#with} to set time limits, headers and
 * ids. Failures are reported as {@link OpenAiException}s.
 */
public final class Rerank
    extends BatchResource<RerankRequest, RerankRequest.Builder, RerankResponse> {
  Rerank(Engine engine, ModelRegistry models, CallContext context) {
    super(
        BatchApi.RERANK,
        RerankRequest::builder,
        RerankRequest.Builder::build,
        engine,
        models,
        context);
  }
}
