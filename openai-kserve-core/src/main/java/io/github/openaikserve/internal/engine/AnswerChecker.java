package io.github.openaikserve.internal.engine;

import io.github.openaikserve.error.InvalidAnswerException;
import io.github.openaikserve.internal.flow.Translator;
import io.github.openaikserve.openai.FinishReason;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Lets answers pass and fails at the end of one that is not what it has to be. Not thread-safe; one
 * per call.
 *
 * <p>An answer that was cut off at its limit says so itself, and one that calls tools is none yet.
 */
final class AnswerChecker implements Translator<ChoiceEvent, ChoiceEvent> {
  private final AnswerFormat format;
  private final Map<Integer, StringBuilder> answers = new HashMap<>();

  AnswerChecker(AnswerFormat format) {
    this.format = format;
  }

  @Override
  public void next(ChoiceEvent happened, Consumer<? super ChoiceEvent> output) {
    if (happened.event() instanceof GenerationEvent.Text text) {
      answers.computeIfAbsent(happened.index(), i -> new StringBuilder()).append(text.text());
    } else if (happened.event() instanceof GenerationEvent.Finish finish
        && finish.reason() == FinishReason.STOP) {
      StringBuilder text = answers.get(happened.index());
      String answer = text == null ? "" : text.toString();
      Optional<String> problem = format.problem(answer);
      if (problem.isPresent()) {
        throw new InvalidAnswerException(problem.get(), answer);
      }
    }
    output.accept(happened);
  }
}
