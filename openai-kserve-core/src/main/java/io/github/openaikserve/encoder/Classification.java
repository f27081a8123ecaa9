package io.github.openaikserve.encoder;

import java.util.List;

/**
 * The classes of one input. Immutable.
 *
 * @param index the index of the input, from 0
 * @param labels the label of each class: the model's, or {@code LABEL_0}, {@code LABEL_1}, ...
 * @param probabilities the probability of each class, in the order of the labels
 */
public record Classification(int index, List<String> labels, List<Double> probabilities) {
  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if there is no class, or the lists have different lengths
   */
  public Classification {
    labels = List.copyOf(labels);
    probabilities = List.copyOf(probabilities);
    if (labels.isEmpty() || labels.size() != probabilities.size()) {
      throw new IllegalArgumentException(
          "expected as many labels as probabilities, but got %d and %d"
              .formatted(labels.size(), probabilities.size()));
    }
  }

  /** Returns the label of the most probable class; the first one if several are equal. */
  public String label() {
    int best = 0;
    for (int i = 1; i < probabilities.size(); i++) {
      if (probabilities.get(i) > probabilities.get(best)) {
        best = i;
      }
    }
    return labels.get(best);
  }
}
