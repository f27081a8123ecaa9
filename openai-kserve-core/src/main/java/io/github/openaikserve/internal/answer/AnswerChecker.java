package io.github.openaikserve.internal.answer;

import io.github.openaikserve.error.InvalidAnswerException;
import io.github.openaikserve.internal.flow.Translator;
import io.github.openaikserve.internal.request.AnswerFormat;
import io.github.openaikserve.openai.CompletionUsage;
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
  private volatile CompletionUsage spent = new CompletionUsage(0, 0, false);

  AnswerChecker(AnswerFormat format) {
    this.format = format;
  }

  /** What was used up by the answers that have ended, also by one that was wrong. */
  CompletionUsage spent() {
    return spent;
  }

  @Override
  public void next(ChoiceEvent happened, Consumer<? super ChoiceEvent> output) {
    if (happened.event() instanceof GenerationEvent.Text text) {
      answers.computeIfAbsent(happened.index(), i -> new StringBuilder()).append(text.text());
    } else if (happened.event() instanceof GenerationEvent.Finish finish) {
      spend(finish.usage());
      if (finish.reason() == FinishReason.STOP) {
        check(happened.index());
      }
    }
    output.accept(happened);
  }

  private void check(int index) {
    StringBuilder text = answers.get(index);
    String answer = text == null ? "" : text.toString();
    Optional<String> problem = format.problem(answer);
    if (problem.isPresent()) {
      throw new InvalidAnswerException(problem.get(), answer);
    }
  }

  /** All answers have one prompt, whose tokens count once. */
  private void spend(CompletionUsage usage) {
    spent =
        new CompletionUsage(
            usage.promptTokens(),
            spent.completionTokens() + usage.completionTokens(),
            spent.estimated() || usage.estimated());
  }
}
