package io.github.openaikserve;

import io.github.openaikserve.dialect.Explanation;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.BatchApi;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.CreateModerationRequest;
import io.github.openaikserve.openai.CreateModerationResponse;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Harmful texts found by a classifier: {@code /v1/moderations}. Thread-safe.
 *
 * <p>A model moderates if its labels are categories: by their names, or by {@link
 * ModelBuilder#moderationCategory}. A method that makes a call takes a request, or a function that
 * sets the fields of one. Inputs that do not fit into one call to the server are sent in several;
 * the first failure cancels the others. {@link OpenAiKServe#with} sets time limits, headers and
 * ids. Failures are {@link OpenAiException}s.
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
   * Returns what is harmful in the inputs. Blocks until the answer has arrived; an interrupt
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
   * Returns a future of what is harmful in the inputs. Cancelling it cancels the calls. Never
   * throws: an invalid request fails the future. Continuations run on threads of the backend and
   * must not block.
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
   * Explains what would be sent for a request, without sending anything.
   *
   * @throws OpenAiException if the model is not known, or its dialect is still to be detected,
   *     which {@link #explainAsync} does; what else is wrong is in the explanation
   */
  public Explanation explain(CreateModerationRequest request) {
    return engine.explain(BatchApi.MODERATION, request);
  }

  /** Explains what would be sent for a request; asks the server about a model that is not known. */
  public CompletableFuture<Explanation> explainAsync(CreateModerationRequest request) {
    return Calls.explained(() -> models.find(request.model()), () -> explain(request));
  }

  private static CreateModerationRequest build(Consumer<CreateModerationRequest.Builder> request) {
    var builder = CreateModerationRequest.builder();
    request.accept(builder);
    return builder.build();
  }
}
