package io.github.openaikserve.internal.engine;

import io.github.openaikserve.internal.flow.Translator;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.ChatCompletionChunk.Choice;
import io.github.openaikserve.openai.ChatCompletionChunk.Delta;
import io.github.openaikserve.openai.FinishReason;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Events to the chunks of a chat: the role first, then text, then one finish reason, then the usage
 * if asked for. Not thread-safe; one per call.
 */
final class ChatChunkWriter implements Translator<GenerationEvent, ChatCompletionChunk> {
  private static final Delta ROLE = new Delta("assistant", "");
  private static final Delta NOTHING = new Delta(null, null);

  private final AnswerHead head;
  private final boolean includeUsage;
  private boolean begun;

  ChatChunkWriter(AnswerHead head, boolean includeUsage) {
    this.head = head;
    this.includeUsage = includeUsage;
  }

  @Override
  public void next(GenerationEvent event, Consumer<? super ChatCompletionChunk> output) {
    if (!begun) {
      begun = true;
      output.accept(chunk(ROLE, null));
    }
    if (event instanceof GenerationEvent.Text text) {
      output.accept(chunk(new Delta(null, text.text()), null));
    } else if (event instanceof GenerationEvent.Finish finish) {
      output.accept(chunk(NOTHING, finish.reason()));
      if (includeUsage) {
        output.accept(
            new ChatCompletionChunk(
                head.id(), head.created(), head.model(), List.of(), finish.usage()));
      }
    }
  }

  private ChatCompletionChunk chunk(Delta delta, @Nullable FinishReason reason) {
    return new ChatCompletionChunk(
        head.id(), head.created(), head.model(), List.of(new Choice(0, delta, reason)), null);
  }
}
