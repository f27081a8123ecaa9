package io.github.openaikserve.internal.answer;

import io.github.openaikserve.internal.answer.call.AnswerMetadata;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.Completion.Choice;
import io.github.openaikserve.openai.CompletionLogprobs;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A sink that emits the chunks of a text completion, starting with echoed prompts. */
public final class CompletionChunkSink implements AnswerSink {
  private final AnswerMetadata head;
  private final Consumer<? super Completion> output;
  private boolean begun;

  /** Creates a sink for one answer. */
  public CompletionChunkSink(AnswerMetadata head, Consumer<? super Completion> output) {
    this.head = head;
    this.output = output;
  }

  @Override
  public void text(int choice, String text, @Nullable CompletionLogprobs logprobs) {
    begin();
    emit(new Choice(choice, text, null, placed(choice, logprobs)));
  }

  /** Returns log probabilities with offsets that include the echoed prompt. */
  private @Nullable CompletionLogprobs placed(int choice, @Nullable CompletionLogprobs logprobs) {
    if (logprobs == null || head.echoes().isEmpty()) {
      return logprobs;
    }
    String echo = head.echoes().get(choice);
    return logprobs.after(echo.codePointCount(0, echo.length()));
  }

  private void begin() {
    if (!begun) {
      begun = true;
      for (int i = 0; i < head.echoes().size(); i++) {
        if (!head.echoes().get(i).isEmpty()) {
          emit(new Choice(i, head.echoes().get(i), null));
        }
      }
    }
  }

  @Override
  public void finish(int choice, FinishReason reason) {
    begin();
    emit(new Choice(choice, "", reason));
  }

  @Override
  public void complete(CompletionUsage usage) {
    if (head.includeUsage()) {
      emit(List.of(), usage);
    }
  }

  private void emit(Choice choice) {
    emit(List.of(choice), null);
  }

  private void emit(List<Choice> choices, @Nullable CompletionUsage usage) {
    output.accept(
        new Completion(head.id(), head.created(), head.model(), choices, usage, List.of()));
  }
}
