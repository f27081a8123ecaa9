package io.github.openaikserve.dialect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The scores of the classes of one call's inputs, in the order of the inputs. Immutable.
 *
 * @param inputs the classes of each input, at least one class for each
 */
public record ClassScores(List<Input> inputs, @Nullable Integer promptTokens)
    implements BatchOutput {
  /** Copies the list. */
  public ClassScores {
    inputs = List.copyOf(inputs);
  }

  /**
   * The classes of one input.
   *
   * @param labels the label of each class, in the order of the scores; empty if the server reports
   *     none
   * @param scores a finite number for each class
   */
  public record Input(List<String> labels, List<Double> scores) {
    /** Copies the lists. */
    public Input {
      labels = List.copyOf(labels);
      scores = List.copyOf(scores);
    }
  }
}
