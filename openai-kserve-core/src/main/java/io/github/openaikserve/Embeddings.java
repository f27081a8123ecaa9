package io.github.openaikserve;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.batch.BatchApi;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.CreateEmbeddingResponse;

/**
 * The embeddings resource: {@code /v1/embeddings}. Thread-safe.
 *
 * <p>Each method accepts a request object, or a function that configures a request builder. Inputs
 * that do not fit into one call to the server are split into several calls. The first failure
 * cancels the other calls. Use {@link OpenAiKServe#with} to set time limits, headers and ids.
 * Failures are reported as {@link OpenAiException}s.
 */
public final class Embeddings
    extends BatchResource<
        CreateEmbeddingRequest, CreateEmbeddingRequest.Builder, CreateEmbeddingResponse> {
  Embeddings(Engine engine, ModelRegistry models, CallContext context) {
    super(
        BatchApi.EMBEDDING,
        CreateEmbeddingRequest::builder,
        CreateEmbeddingRequest.Builder::build,
        engine,
        models,
        context);
  }
}
