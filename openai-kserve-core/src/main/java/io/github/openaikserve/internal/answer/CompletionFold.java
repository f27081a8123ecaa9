package io.github.openaikserve.internal.answer;

import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CompletionLogprobs;
import io.github.openaikserve.openai.CompletionUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The pieces of a completion to the whole, which is given at the end. One per call. */
final class CompletionFold implements TextStep<Completion, Completion> {
  private final AnswerHead head;
  private final List<String> droppedParams;
  private final List<FoldedChoice> choices = new ArrayList<>(1);
  private final List<Integer> logprobOffsets = new ArrayList<>(1);
  private @Nullable CompletionUsage usage;
  private boolean begun;

  CompletionFold(AnswerHead head, List<String> droppedParams) {
    this.head = head;
    this.droppedParams = droppedParams;
  }

  @Override
  public void next(Completion piece, Consumer<? super Completion> output) {
    begun = true; // what the writer puts in front of all has come
    for (Completion.Choice change : piece.choices()) {
      FoldedChoice choice = FoldedChoice.at(change.index(), choices);
      choice.addText(change.text(), change.finishReason());
      CompletionLogprobs logprobs = change.logprobs();
      if (logprobs != null) {
        if (choice.logprobs() == null) {
          rememberOffset(change.index(), logprobs.textOffset());
        }
        choice.addLogprobs(logprobs.tokens());
      }
    }
    if (piece.usage() != null) {
      usage = piece.usage();
    }
  }

  private void rememberOffset(int index, int offset) {
    while (logprobOffsets.size() <= index) {
      logprobOffsets.add(0);
    }
    logprobOffsets.set(index, offset);
  }

  @Override
  public boolean text(int choice, String text, Consumer<? super Completion> output) {
    if (begun) {
      FoldedChoice.at(choice, choices).addText(text, null);
    }
    return begun;
  }

  /** Completions have no reasoning. */
  @Override
  public boolean reasoning(int choice, String text, Consumer<? super Completion> output) {
    return false;
  }

  @Override
  public boolean text(int choice, byte[] utf8, int length, Consumer<? super Completion> output) {
    return begun && FoldedChoice.at(choice, choices).addAscii(utf8, length);
  }

  @Override
  public void end(Consumer<? super Completion> output) {
    List<Completion.Choice> whole = new ArrayList<>(choices.size());
    for (int i = 0; i < choices.size(); i++) {
      FoldedChoice choice = choices.get(i);
      List<ChatCompletionTokenLogprob> tokens = choice.logprobs();
      CompletionLogprobs logprobs =
          tokens == null ? null : new CompletionLogprobs(tokens, logprobOffsets.get(i));
      whole.add(new Completion.Choice(i, choice.text(), choice.finishReason(), logprobs));
    }
    output.accept(
        new Completion(head.id(), head.created(), head.model(), whole, usage, droppedParams));
  }

  @Override
  public Throwable fail(Throwable failure, Consumer<? super Completion> output) {
    return FoldedChoice.withPartialText(failure, choices);
  }
}
