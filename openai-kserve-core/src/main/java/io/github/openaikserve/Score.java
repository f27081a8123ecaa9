package io.github.openaikserve;

import io.github.openaikserve.dialect.Explanation;
import io.github.openaikserve.encoder.ScoreRequest;
import io.github.openaikserve.encoder.ScoreResponse;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.batch.BatchApi;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.request.CallContext;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The scoring resource, which scores pairs of texts: {@code /v1/score}. Thread-safe.
 *
 * <p>Each method accepts a request object, or a function that configures a request builder. Pairs
 * that do not fit into one call to the server are split into several calls. The first failure
 * cancels the other calls. Use {@link OpenAiKServe#with} to set time limits, headers and ids.
 * Failures are reported as {@link OpenAiException}s.
 *
 * <p>The scores have the order of the pairs. To order documents by relevance, use {@link Rerank}.
 *
 * <pre>{@code
 * ScoreResponse response =
 *     openai.score().create(r -> r.model("m").text1("a query").text2("one text", "another text"));
 * List<Double> scores = response.scores();
 * }</pre>
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
   * Returns an explanation of what would be sent for a request. Sends nothing.
   *
   * @throws OpenAiException if the model is unknown or its dialect has not been detected yet;
   *     {@link #explainAsync} detects it. Other problems are part of the explanation
   */
  public Explanation explain(ScoreRequest request) {
    return engine.explanations().of(BatchApi.SCORE, request);
  }

  /**
   * Returns a future explanation. Queries the server if the model is unknown or its dialect has not
   * been detected.
   */
  public CompletableFuture<Explanation> explainAsync(ScoreRequest request) {
    return Calls.explained(() -> models.find(request.model()), () -> explain(request));
  }

  private static ScoreRequest build(Consumer<ScoreRequest.Builder> request) {
    var builder = ScoreRequest.builder();
    request.accept(builder);
    return builder.build();
  }
}
