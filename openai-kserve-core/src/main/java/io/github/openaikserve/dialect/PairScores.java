package io.github.openaikserve.dialect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The scores of one call's pairs of texts, in order. Immutable.
 *
 * @param scores a finite number for each pair
 */
public record PairScores(List<Double> scores, @Nullable Integer promptTokens)
    implements BatchOutput {
  /** Copies the list. */
  public PairScores {
    scores = List.copyOf(scores);
  }
}
