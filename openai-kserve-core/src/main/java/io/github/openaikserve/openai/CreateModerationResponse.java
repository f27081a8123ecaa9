package io.github.openaikserve.openai;

import java.util.List;
import java.util.Map;

/**
 * What is harmful in the texts of a request. Immutable.
 *
 * @param results one for each text, in the order of the texts
 * @param droppedParams request fields that had no effect; not part of the JSON
 */
public record CreateModerationResponse(
    String id, String model, List<Result> results, List<String> droppedParams) {
  /** Copies the lists. */
  public CreateModerationResponse {
    results = List.copyOf(results);
    droppedParams = List.copyOf(droppedParams);
  }

  /**
   * What is harmful in a text.
   *
   * @param scores the score of each category that the model has, from 0 to 1
   * @param threshold the score from which on a text belongs to a category
   */
  public record Result(Map<ModerationCategory, Double> scores, double threshold) {
    /** Copies the map. */
    public Result {
      scores = Map.copyOf(scores);
    }

    /** Returns the score of a category; 0 if the model does not have it. */
    public double score(ModerationCategory category) {
      return scores.getOrDefault(category, 0.0);
    }

    /** Returns whether the text belongs to a category. */
    public boolean belongsTo(ModerationCategory category) {
      return scores.containsKey(category) && score(category) >= threshold;
    }

    /** Returns whether the text belongs to any category. */
    public boolean flagged() {
      return scores.keySet().stream().anyMatch(this::belongsTo);
    }
  }
}
