package io.github.openaikserve;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.batch.BatchApi;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.CreateModerationRequest;
import io.github.openaikserve.openai.CreateModerationResponse;

/**
 * The moderations resource, which finds harmful content with a classifier: {@code /v1/moderations}.
 * Thread-safe.
 *
 * <p>A model can moderate if its labels are categories of harmful content, by name or through
 * {@link ModelBuilder#moderationCategory}. Each method accepts a request object, or a function that
 * configures a request builder. Inputs that do not fit into one call to the server are split into
 * several calls. The first failure cancels the other calls. Use {@link OpenAiKServe#with} to set
 * time limits, headers and ids. Failures are reported as {@link OpenAiException}s.
 */
public final class Moderations
    extends BatchResource<
        CreateModerationRequest, CreateModerationRequest.Builder, CreateModerationResponse> {
  Moderations(Engine engine, ModelRegistry models, CallContext context) {
    super(
        BatchApi.MODERATION,
        CreateModerationRequest::builder,
        CreateModerationRequest.Builder::build,
        engine,
        models,
        context);
  }
}
