package io.github.openaikserve.internal.answer;

import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.ChatCompletionChunk.Choice;
import io.github.openaikserve.openai.ChatCompletionChunk.Delta;
import io.github.openaikserve.openai.ChatCompletionMessageToolCallChunk;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Events to the chunks of a chat: the roles of all choices first, then what they say, then one
 * finish reason each, then the usage if asked for. Not thread-safe; one per call.
 */
final class ChatChunkWriter implements ChunkWriter<ChatCompletionChunk> {
  private static final Delta ROLE = new Delta("assistant", "");
  private static final Delta NOTHING = new Delta(null, null);

  private final AnswerHead head;
  private final Choices choices;
  private final boolean includeUsage;
  private final boolean legacyFunctions;
  private boolean begun;

  ChatChunkWriter(AnswerHead head, Choices choices, boolean includeUsage, boolean legacyFunctions) {
    this.head = head;
    this.choices = choices;
    this.includeUsage = includeUsage;
    this.legacyFunctions = legacyFunctions;
  }

  @Override
  public void next(ChoiceEvent happened, Consumer<? super ChatCompletionChunk> output) {
    if (!begun) {
      begun = true;
      for (int i = 0; i < choices.count(); i++) {
        output.accept(chunk(i, ROLE, null, null));
      }
    }
    int index = happened.index();
    GenerationEvent event = happened.event();
    if (event instanceof GenerationEvent.Text text) {
      String content = text.text().isEmpty() ? null : text.text();
      output.accept(chunk(index, new Delta(null, content), null, text.logprobs()));
    } else if (event instanceof GenerationEvent.Reasoning reasoning) {
      output.accept(chunk(index, new Delta(null, null, reasoning.text(), List.of()), null, null));
    } else if (event instanceof GenerationEvent.ToolCall call) {
      output.accept(call(index, call.index(), call.id(), call.name(), ""));
    } else if (event instanceof GenerationEvent.Arguments more) {
      output.accept(call(index, more.index(), legacyFunctions ? "" : null, null, more.piece()));
    } else if (event instanceof GenerationEvent.Finish finish) {
      choices.finish(index, finish);
      if (choices.allFinished()) {
        finish(output);
      }
    }
  }

  private void finish(Consumer<? super ChatCompletionChunk> output) {
    for (int i = 0; i < choices.count(); i++) {
      output.accept(chunk(i, NOTHING, choices.reason(i), null));
    }
    if (includeUsage) {
      output.accept(chunk(List.of(), choices.usage()));
    }
  }

  private ChatCompletionChunk call(
      int index, int call, @Nullable String id, @Nullable String name, String arguments) {
    var piece = new ChatCompletionMessageToolCallChunk(call, id, name, arguments);
    return chunk(index, new Delta(null, null, null, List.of(piece)), null, null);
  }

  private ChatCompletionChunk chunk(
      int index,
      Delta delta,
      @Nullable FinishReason reason,
      @Nullable List<ChatCompletionTokenLogprob> logprobs) {
    return chunk(List.of(new Choice(index, delta, reason, logprobs)), null);
  }

  private ChatCompletionChunk chunk(List<Choice> changed, @Nullable CompletionUsage usage) {
    return new ChatCompletionChunk(head.id(), head.created(), head.model(), changed, usage);
  }
}
