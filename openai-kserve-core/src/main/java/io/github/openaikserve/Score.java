package io.github.openaikserve;

import io.github.openaikserve.dialect.Explanation;
import io.github.openaikserve.encoder.ScoreRequest;
import io.github.openaikserve.encoder.ScoreResponse;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.BatchApi;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.request.CallContext;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Scores of pairs of texts: {@code /v1/score}. Thread-safe.
 *
 * <p>A method that makes a call takes a request, or a function that sets the fields of one. Pairs
 * that do not fit into one call to the server are sent in several; the first failure cancels the
 * others. {@link OpenAiKServe#with} sets time limits, headers and ids. Failures are {@link
 * OpenAiException}s.
 */
public final class Score {
  private final Engine engine;
  private final ModelRegistry models;
  private final CallContext context;

  Score(Engine engine, ModelRegistry models, CallContext context) {
    this.engine = engine;
    this.models = models;
    this.context = context;
  }

  /**
   * Returns the scores. Blocks until they have arrived; an interrupt cancels the calls.
   *
   * @throws OpenAiException if the request is invalid or the backend fails
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; the interrupt
   *     status is preserved
   */
  public ScoreResponse create(ScoreRequest request) {
    return Calls.await(createAsync(request));
  }

  /** Calls {@link #create(ScoreRequest)} with the request that is built. */
  public ScoreResponse create(Consumer<ScoreRequest.Builder> request) {
    return create(build(request));
  }

  /**
   * Returns a future of the scores. Cancelling it cancels the calls. Never throws: an invalid
   * request fails the future. Continuations run on threads of the backend and must not block.
   */
  public CompletableFuture<ScoreResponse> createAsync(ScoreRequest request) {
    return Calls.whole(() -> engine.batches(BatchApi.SCORE, request, context));
  }

  /** Calls {@link #createAsync(ScoreRequest)} with the request that is built. */
  public CompletableFuture<ScoreResponse> createAsync(Consumer<ScoreRequest.Builder> request) {
    return Calls.whole(() -> engine.batches(BatchApi.SCORE, build(request), context));
  }

  /**
   * Explains what would be sent for a request, without sending anything.
   *
   * @throws OpenAiException if the model is not known, or its dialect is still to be detected,
   *     which {@link #explainAsync} does; what else is wrong is in the explanation
   */
  public Explanation explain(ScoreRequest request) {
    return engine.explain(BatchApi.SCORE, request);
  }

  /** Explains what would be sent for a request; asks the server about a model that is not known. */
  public CompletableFuture<Explanation> explainAsync(ScoreRequest request) {
    return Calls.explained(() -> models.find(request.model()), () -> explain(request));
  }

  private static ScoreRequest build(Consumer<ScoreRequest.Builder> request) {
    var builder = ScoreRequest.builder();
    request.accept(builder);
    return builder.build();
  }
}
