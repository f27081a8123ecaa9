package io.github.openaikserve.internal.answer;

import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.CompletionUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The chunks of a chat to its whole answer, which is given at the end. One per call. */
final class ChatFold implements TextStep<ChatCompletionChunk, ChatCompletion> {
  private final AnswerHead head;
  private final List<String> droppedParams;
  private final List<FoldedChoice> choices = new ArrayList<>(1);
  private @Nullable CompletionUsage usage;
  private boolean begun;

  ChatFold(AnswerHead head, List<String> droppedParams) {
    this.head = head;
    this.droppedParams = droppedParams;
  }

  @Override
  public void next(ChatCompletionChunk chunk, Consumer<? super ChatCompletion> output) {
    begun = true; // what the writer puts in front of all has come
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
  public boolean text(int choice, String text, Consumer<? super ChatCompletion> output) {
    if (begun) {
      FoldedChoice.at(choice, choices).addText(text, null);
    }
    return begun;
  }

  @Override
  public boolean reasoning(int choice, String text, Consumer<? super ChatCompletion> output) {
    if (begun) {
      FoldedChoice.at(choice, choices).addReasoning(text);
    }
    return begun;
  }

  @Override
  public boolean text(
      int choice, byte[] utf8, int length, Consumer<? super ChatCompletion> output) {
    return begun && FoldedChoice.at(choice, choices).addAscii(utf8, length);
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
