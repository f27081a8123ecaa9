package io.github.openaikserve.internal.decisions;

import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.internal.answer.AnswerSink;
import io.github.openaikserve.internal.answer.call.AnswerMetadata;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.CompletionLogprobs;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.openai.decisions.Decision;
import io.github.openaikserve.openai.decisions.DecisionAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A sink that keeps the first token of the answer to each question. Not thread-safe. */
final class DecisionSink implements AnswerSink {
  private final List<LabelledQuestion> questions;
  private final AnswerMetadata head;
  private final Consumer<? super Decision> output;
  private final @Nullable ChatCompletionTokenLogprob[] tokens;

  DecisionSink(
      List<LabelledQuestion> questions, AnswerMetadata head, Consumer<? super Decision> output) {
    this.questions = questions;
    this.head = head;
    this.output = output;
    this.tokens = new ChatCompletionTokenLogprob[questions.size()];
  }

  @Override
  public void text(int choice, String text, @Nullable CompletionLogprobs logprobs) {
    if (logprobs != null && !logprobs.tokens().isEmpty() && tokens[choice] == null) {
      tokens[choice] = logprobs.tokens().get(0);
    }
  }

  @Override
  public void finish(int choice, FinishReason reason) {
    if (tokens[choice] == null) {
      throw new DialectException(
          "The model server returned no log probabilities, which decisions require.");
    }
  }

  @Override
  public void complete(CompletionUsage usage) {
    List<DecisionAnswer> answers = new ArrayList<>(tokens.length);
    for (int i = 0; i < tokens.length; i++) {
      ChatCompletionTokenLogprob token = tokens[i];
      if (token != null) {
        answers.add(questions.get(i).answer(token));
      }
    }
    output.accept(new Decision(head.model(), answers, usage, head.droppedParams()));
  }
}
