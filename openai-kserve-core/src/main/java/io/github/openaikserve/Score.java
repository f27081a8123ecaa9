package io.github.openaikserve;

import io.github.openaikserve.encoder.ScoreRequest;
import io.github.openaikserve.encoder.ScoreResponse;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.batch.BatchApi;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.request.CallContext;

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
public final class Score extends BatchResource<ScoreRequest, ScoreRequest.Builder, ScoreResponse> {
  Score(Engine engine, ModelRegistry models, CallContext context) {
    super(
        BatchApi.SCORE,
        ScoreRequest::builder,
        ScoreRequest.Builder::build,
        engine,
        models,
        context);
  }
}
