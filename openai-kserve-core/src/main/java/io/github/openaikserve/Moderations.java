package io.github.openaikserve;

import io.github.openaikserve.dialect.Explanation;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.batch.BatchApi;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.CreateModerationRequest;
import io.github.openaikserve.openai.CreateModerationResponse;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

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
public final class Moderations {
  private final Engine engine;
  private final ModelRegistry models;
  private final CallContext context;

  Moderations(Engine engine, ModelRegistry models, CallContext context) {
    this.engine = engine;
    this.models = models;
    this.context = context;
  }

  /**
   * Classifies the inputs as harmful or not. Blocks until all results have arrived; an interrupt
   * cancels the calls.
   *
   * @throws OpenAiException if the request is invalid or the backend fails
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; the interrupt
   *     status is preserved
   */
  public CreateModerationResponse create(CreateModerationRequest request) {
    return Calls.await(createAsync(request));
  }

  /** Calls {@link #create(CreateModerationRequest)} with the request that is built. */
  public CreateModerationResponse create(Consumer<CreateModerationRequest.Builder> request) {
    return create(build(request));
  }

  /**
   * Returns a future of the moderation results. Cancelling it cancels the calls. Never throws: an
   * invalid request fails the future. Continuations run on threads of the backend and must not
   * block.
   */
  public CompletableFuture<CreateModerationResponse> createAsync(CreateModerationRequest request) {
    return Calls.whole(() -> engine.batches(BatchApi.MODERATION, request, context));
  }

  /** Calls {@link #createAsync(CreateModerationRequest)} with the request that is built. */
  public CompletableFuture<CreateModerationResponse> createAsync(
      Consumer<CreateModerationRequest.Builder> request) {
    return Calls.whole(() -> engine.batches(BatchApi.MODERATION, build(request), context));
  }

  /**
   * Returns an explanation of what would be sent for a request. Sends nothing.
   *
   * @throws OpenAiException if the model is unknown or its dialect has not been detected yet;
   *     {@link #explainAsync} detects it. Other problems are part of the explanation
   */
  public Explanation explain(CreateModerationRequest request) {
    return engine.explanations().of(BatchApi.MODERATION, request);
  }

  /**
   * Returns a future explanation. Queries the server if the model is unknown or its dialect has not
   * been detected.
   */
  public CompletableFuture<Explanation> explainAsync(CreateModerationRequest request) {
    return Calls.explained(() -> models.find(request.model()), () -> explain(request));
  }

  private static CreateModerationRequest build(Consumer<CreateModerationRequest.Builder> request) {
    var builder = CreateModerationRequest.builder();
    request.accept(builder);
    return builder.build();
  }
}
