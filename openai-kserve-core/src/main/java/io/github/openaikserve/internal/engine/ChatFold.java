package io.github.openaikserve.internal.engine;

import io.github.openaikserve.internal.flow.Translator;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.CompletionUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The chunks of a chat to its whole answer, which is given at the end. One per call. */
final class ChatFold implements Translator<ChatCompletionChunk, ChatCompletion> {
  private final AnswerHead head;
  private final List<String> droppedParams;
  private final List<FoldedChoice> choices = new ArrayList<>(1);
  private @Nullable CompletionUsage usage;

  ChatFold(AnswerHead head, List<String> droppedParams) {
    this.head = head;
    this.droppedParams = droppedParams;
  }

  @Override
  public void next(ChatCompletionChunk chunk, Consumer<? super ChatCompletion> output) {
    for (ChatCompletionChunk.Choice change : chunk.choices()) {
      FoldedChoice choice = FoldedChoice.at(change.index(), choices);
      choice.addText(change.delta().content(), change.finishReason());
      choice.addReasoning(change.delta().reasoningContent());
      change.delta().toolCalls().forEach(choice::addCall);
      choice.addLogprobs(change.logprobs());
    }
    if (chunk.usage() != null) {
      usage = chunk.usage();
    }
  }

  @Override
  public void end(Consumer<? super ChatCompletion> output) {
    List<ChatCompletion.Choice> whole = new ArrayList<>(choices.size());
    for (int i = 0; i < choices.size(); i++) {
      FoldedChoice choice = choices.get(i);
      whole.add(
          new ChatCompletion.Choice(i, choice.message(), choice.finishReason(), choice.logprobs()));
    }
    output.accept(
        new ChatCompletion(head.id(), head.created(), head.model(), whole, usage, droppedParams));
  }

  @Override
  public Throwable fail(Throwable failure, Consumer<? super ChatCompletion> output) {
    return FoldedChoice.withPartialText(failure, choices);
  }
}
