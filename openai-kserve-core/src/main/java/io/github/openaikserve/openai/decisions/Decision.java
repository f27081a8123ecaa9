package io.github.openaikserve.openai.decisions;

import io.github.openaikserve.openai.CompletionUsage;
import java.util.List;
import java.util.Optional;

/**
 * The answers to the questions of a request. Immutable.
 *
 * @param answers one answer for each question, in the order of the questions
 * @param usage the token usage of all questions together
 * @param droppedParams the request fields that had no effect; not part of the JSON
 */
public record Decision(
    String model, List<DecisionAnswer> answers, CompletionUsage usage, List<String> droppedParams) {
  /** Copies the lists. */
  public Decision {
    answers = List.copyOf(answers);
    droppedParams = List.copyOf(droppedParams);
  }

  /** Returns the answer to the first question with this name; empty if there is none. */
  public Optional<DecisionAnswer> answer(String name) {
    return answers.stream().filter(answer -> name.equals(answer.name())).findFirst();
  }
}
