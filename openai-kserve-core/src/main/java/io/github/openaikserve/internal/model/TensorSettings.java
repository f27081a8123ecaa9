package io.github.openaikserve.internal.model;

import io.github.openaikserve.openai.ModerationCategory;
import java.util.List;
import java.util.Map;

/**
 * The settings of a model whose answers are made of tensors. Immutable.
 *
 * @param labels the labels of a classifier's classes, in their order; empty for those of the server
 * @param categories the categories of harmful texts that labels stand for
 * @param moderationThreshold the score from which on a text belongs to a category
 * @param shortensVectors whether vectors may be cut to a requested length
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
