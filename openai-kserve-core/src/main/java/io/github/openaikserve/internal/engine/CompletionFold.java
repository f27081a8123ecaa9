package io.github.openaikserve.internal.engine;

import io.github.openaikserve.internal.flow.Translator;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.Completion.Choice;
import java.util.List;
import java.util.function.Consumer;

/** The pieces of a completion to the whole, which is given at the end. One per call. */
final class CompletionFold implements Translator<Completion, Completion> {
  private final AnswerHead head;
  private final List<String> droppedParams;
  private final FoldedChoice folded = new FoldedChoice();

  CompletionFold(AnswerHead head, List<String> droppedParams) {
    this.head = head;
    this.droppedParams = droppedParams;
  }

  @Override
  public void next(Completion piece, Consumer<? super Completion> output) {
    piece.choices().forEach(c -> folded.add(c.text(), c.finishReason()));
    folded.add(piece.usage());
  }

  @Override
  public void end(Consumer<? super Completion> output) {
    var choice = new Choice(0, folded.text(), folded.finishReason());
    output.accept(
        new Completion(
            head.id(),
            head.created(),
            head.model(),
            List.of(choice),
            folded.usage(),
            droppedParams));
  }

  @Override
  public Throwable fail(Throwable failure, Consumer<? super Completion> output) {
    return folded.withPartialText(failure);
  }
}
