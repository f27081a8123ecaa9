package io.github.openaikserve.internal.model;

import io.github.openaikserve.openai.ModerationCategory;
import java.util.List;
import java.util.Map;

/**
 * The settings of a model for answers made of tensors. Immutable.
 *
 * @param labels the labels of a classifier's classes, in order; empty to use the server's labels
 * @param categories the categories of harmful content, by label
 * @param moderationThreshold the minimum score of a flagged category
 * @param shortensVectors whether vectors may be truncated to a requested length
 */
public record TensorSettings(
    List<String> labels,
    Map<String, ModerationCategory> categories,
    double moderationThreshold,
    boolean shortensVectors) {
  /** Copies the list and the map. */
  public TensorSettings {
    labels = List.copyOf(labels);
    categories = Map.copyOf(categories);
  }
}
