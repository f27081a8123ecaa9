package io.github.openaikserve.openai.decisions;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.fields.FieldChecks;
import io.github.openaikserve.openai.MessageContent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A question about the input of a decision. Immutable. */
public sealed interface DecisionQuestion {
  /** The maximum number of options of a question. */
  int MAX_OPTIONS = 20;

  /** The maximum number of levels of a score. */
  int MAX_LEVELS = 10;

  /** Returns the name that the answer repeats; null for none. */
  @Nullable String name();

  /** Returns the question: a text, or parts such as texts and images. */
  MessageContent instructions();

  /** A question about whether something is true. */
  record Predicate(@Nullable String name, MessageContent instructions)
      implements DecisionQuestion {}

  /**
   * A question about which option is right.
   *
   * @param choices 2 to {@value DecisionQuestion#MAX_OPTIONS} options with different values
   */
  record Choice(@Nullable String name, MessageContent instructions, List<Option> choices)
      implements DecisionQuestion {
    /**
     * Copies the list.
     *
     * @throws InvalidRequestException if the number of options is wrong, or two options have the
     *     same value
     */
    public Choice {
      choices = List.copyOf(choices);
      atLeastTwo("choices", choices);
      FieldChecks.array("choices", choices, MAX_OPTIONS);
      Set<Object> values = new HashSet<>();
      for (Option option : choices) {
        if (!values.add(option.value())) {
          throw InvalidRequestException.badValue(
              "choices", "invalid_value", "Invalid 'choices': two options have the same value.");
        }
      }
    }
  }

  /**
   * A question about how much something applies.
   *
   * @param levels 2 to {@value DecisionQuestion#MAX_LEVELS} levels, the lowest first
   */
  record Score(@Nullable String name, MessageContent instructions, List<Level> levels)
      implements DecisionQuestion {
    /**
     * Copies the list.
     *
     * @throws InvalidRequestException if the number of levels is wrong
     */
    public Score {
      levels = List.copyOf(levels);
      atLeastTwo("levels", levels);
      FieldChecks.array("levels", levels, MAX_LEVELS);
    }
  }

  /**
   * One option of a choice.
   *
   * @param value a {@code String} or a {@code Boolean}, which the answer repeats
   * @param description the meaning of the value; null for none
   */
  record Option(Object value, @Nullable String description) {
    /**
     * Checks the type of the value.
     *
     * @throws InvalidRequestException if it is neither a text nor a boolean
     */
    public Option {
      if (!(value instanceof String) && !(value instanceof Boolean)) {
        throw InvalidRequestException.badValue(
            "value", "invalid_type", "Invalid type for 'value': expected a string or a boolean.");
      }
    }
  }

  /**
   * One level of a score.
   *
   * @param label the name of the level, which the answer repeats
   * @param description the meaning of the level; null for none
   */
  record Level(String label, @Nullable String description) {}

  private static void atLeastTwo(String param, List<?> values) {
    if (values.size() < 2) {
      throw InvalidRequestException.badValue(
          param,
          "array_below_min_length",
          "Invalid '%s': array too short. Expected an array with minimum length 2, but got an array with length %d instead."
              .formatted(param, values.size()));
    }
  }
}
