package io.github.openaikserve.internal.engine;

import io.github.openaikserve.internal.flow.Translator;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletion.Choice;
import io.github.openaikserve.openai.ChatCompletion.Message;
import io.github.openaikserve.openai.ChatCompletionChunk;
import java.util.List;
import java.util.function.Consumer;

/** The chunks of a chat to its whole answer, which is given at the end. One per call. */
final class ChatFold implements Translator<ChatCompletionChunk, ChatCompletion> {
  private final AnswerHead head;
  private final List<String> droppedParams;
  private final FoldedChoice folded = new FoldedChoice();

  ChatFold(AnswerHead head, List<String> droppedParams) {
    this.head = head;
    this.droppedParams = droppedParams;
  }

  @Override
  public void next(ChatCompletionChunk chunk, Consumer<? super ChatCompletion> output) {
    chunk.choices().forEach(c -> folded.add(c.delta().content(), c.finishReason()));
    folded.add(chunk.usage());
  }

  @Override
  public void end(Consumer<? super ChatCompletion> output) {
    var choice = new Choice(0, new Message(folded.text()), folded.finishReason());
    output.accept(
        new ChatCompletion(
            head.id(),
            head.created(),
            head.model(),
            List.of(choice),
            folded.usage(),
            droppedParams));
  }

  @Override
  public Throwable fail(Throwable failure, Consumer<? super ChatCompletion> output) {
    return folded.withPartialText(failure);
  }
}
