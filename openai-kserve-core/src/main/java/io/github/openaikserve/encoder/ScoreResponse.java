package io.github.openaikserve.encoder;

import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import java.util.List;

/**
 * A score response. Immutable.
 *
 * @param created seconds since 1970
 * @param scores one score for each pair, in the order of the pairs; usually from 0 to 1
 * @param droppedParams the request fields that had no effect; not part of the JSON
 */
public record ScoreResponse(
    String id,
    long created,
    String model,
    List<Double> scores,
    Usage usage,
    List<String> droppedParams) {
  /** Copies the lists. */
  public ScoreResponse {
    scores = List.copyOf(scores);
    droppedParams = List.copyOf(droppedParams);
  }
}
