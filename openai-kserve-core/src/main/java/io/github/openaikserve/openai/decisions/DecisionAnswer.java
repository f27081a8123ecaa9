package io.github.openaikserve.openai.decisions;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer to one question. Immutable. */
public sealed interface DecisionAnswer {
  /** Returns the name of the question; null if it has none. */
  @Nullable String name();

  /**
   * The probability that a predicate is true.
   *
   * @param probability the probability, from 0 to 1
   */
  record Predicate(@Nullable String name, double probability) implements DecisionAnswer {}

  /**
   * The likeliest option of a choice.
   *
   * @param choice the value of the likeliest option: a {@code String} or a {@code Boolean}
   * @param probabilities of all options in the order of the question; their sum is 1
   * @param confidence the probability of the likeliest option among everything that the model could
   *     have answered
   */
  record Choice(
      @Nullable String name,
      Object choice,
      List<OptionProbability> probabilities,
      double confidence)
      implements DecisionAnswer {
    /** Copies the list. */
    public Choice {
      probabilities = List.copyOf(probabilities);
    }
  }

  /**
   * A score on a scale of levels.
   *
   * @param score the average of the levels' numbers, weighted by their probabilities
   * @param probabilities of all levels in the order of the question; their sum is 1
   * @param confidence the probability of the likeliest level among everything that the model could
   *     have answered
   */
  record Score(
      @Nullable String name, double score, List<LevelProbability> probabilities, double confidence)
      implements DecisionAnswer {
    /** Copies the list. */
    public Score {
      probabilities = List.copyOf(probabilities);
    }
  }

  /** A missing answer: none of the options was among the likeliest tokens of the model. */
  record Refusal(@Nullable String name) implements DecisionAnswer {}

  /**
   * The probability of an option.
   *
   * @param value that of the option: a {@code String} or a {@code Boolean}
   */
  record OptionProbability(Object value, double probability) {}

  /**
   * The probability of a level.
   *
   * @param value the number of the level, from 0
   */
  record LevelProbability(int value, String label, double probability) {}
}
