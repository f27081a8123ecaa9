package io.github.openaikserve.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.model.scoring.ScoringModel;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.encoder.ScoreRequest;
import io.github.openaikserve.encoder.ScoreResponse;
import io.github.openaikserve.error.OpenAiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A scoring model over a service in this process, such as a cross-encoder that reranks.
 * Thread-safe.
 *
 * <p>More than 2,048 texts are scored by several requests, sequentially. Failures are mapped as by
 * {@link KServeChatModel}; the first one ends the call.
 */
public final class KServeScoringModel implements ScoringModel {
  private static final int MAX_TEXTS = 2048;

  private final OpenAiKServe openai;
  private final @Nullable String modelName;

  private KServeScoringModel(OpenAiKServe openai, @Nullable String modelName) {
    this.openai = Objects.requireNonNull(openai, "openai");
    this.modelName = modelName;
  }

  /** Returns the service's default model. Closing the service is the caller's responsibility. */
  public static KServeScoringModel of(OpenAiKServe openai) {
    return new KServeScoringModel(openai, null);
  }

  /** Returns a model by any of its names. Closing the service is the caller's responsibility. */
  public static KServeScoringModel of(OpenAiKServe openai, String modelName) {
    return new KServeScoringModel(openai, Objects.requireNonNull(modelName, "modelName"));
  }

  /** Returns the score of each text for the query, in order, and the usage. Blocks. */
  @Override
  public Response<List<Double>> scoreAll(List<TextSegment> segments, String query) {
    List<Double> scores = new ArrayList<>();
    int tokens = 0;
    try {
      for (int from = 0; from < segments.size(); from += MAX_TEXTS) {
        ScoreResponse answer =
            openai
                .score()
                .create(
                    request(
                        segments.subList(from, Math.min(segments.size(), from + MAX_TEXTS)),
                        query));
        scores.addAll(answer.scores());
        tokens += answer.usage().promptTokens();
      }
    } catch (OpenAiException e) {
      throw Failures.mapped(e);
    }
    return Response.from(scores, new TokenUsage(tokens, 0, tokens));
  }

  private ScoreRequest request(List<TextSegment> segments, String query) {
    return ScoreRequest.builder()
        .model(modelName)
        .text1(query)
        .text2(segments.stream().map(TextSegment::text).toList())
        .build();
  }
}
