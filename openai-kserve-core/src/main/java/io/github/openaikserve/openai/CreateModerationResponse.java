package io.github.openaikserve.openai;

import java.util.List;
import java.util.Map;

/**
 * A moderation response. Immutable.
 *
 * @param results one result for each text, in the order of the texts
 * @param droppedParams the request fields that had no effect; not part of the JSON
 */
public record CreateModerationResponse(
    String id, String model, List<Result> results, List<String> droppedParams) {
  /** Copies the lists. */
  public CreateModerationResponse {
    results = List.copyOf(results);
    droppedParams = List.copyOf(droppedParams);
  }

  /**
   * The moderation result of one text.
   *
   * @param scores the scores of the categories that the model supports, from 0 to 1
   * @param threshold the minimum score of a flagged category
   */
  public record Result(Map<ModerationCategory, Double> scores, double threshold) {
    /** Copies the map. */
    public Result {
      scores = Map.copyOf(scores);
    }

    /** Returns the score of a category; 0 if the model does not support it. */
    public double score(ModerationCategory category) {
      return scores.getOrDefault(category, 0.0);
    }

    /** Returns whether the text is flagged for a category. */
    public boolean belongsTo(ModerationCategory category) {
      return scores.containsKey(category) && score(category) >= threshold;
    }

    /** Returns whether the text is flagged for any category. */
    public boolean flagged() {
      return scores.keySet().stream().anyMatch(this::belongsTo);
    }
  }
}
