package io.github.openaikserve.internal.answer;

import io.github.openaikserve.internal.answer.call.AnswerMetadata;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.ChatCompletionChunk.Choice;
import io.github.openaikserve.openai.ChatCompletionChunk.Delta;
import io.github.openaikserve.openai.ChatCompletionMessageToolCallChunk;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.CompletionLogprobs;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A sink that emits the chunks of a chat completion, starting with the roles of all choices. */
public final class ChatChunkSink implements AnswerSink {
  private static final Delta ROLE = new Delta("assistant", "");
  private static final Delta NOTHING = new Delta(null, null);

  private final AnswerMetadata head;
  private final Consumer<? super ChatCompletionChunk> output;
  private boolean begun;

  /** Creates a sink for one answer. */
  public ChatChunkSink(AnswerMetadata head, Consumer<? super ChatCompletionChunk> output) {
    this.head = head;
    this.output = output;
  }

  @Override
  public void text(int choice, String text, @Nullable CompletionLogprobs logprobs) {
    Delta delta = new Delta(null, text.isEmpty() ? null : text);
    emit(choice, delta, null, logprobs == null ? null : logprobs.tokens());
  }

  @Override
  public void reasoning(int choice, String text) {
    emit(choice, new Delta(null, null, text, List.of()), null, null);
  }

  @Override
  public void toolCall(int choice, int index, String id, String name) {
    call(choice, new ChatCompletionMessageToolCallChunk(index, id, name, ""));
  }

  @Override
  public void arguments(int choice, int index, String piece) {
    String id = head.legacyFunctions() ? "" : null;
    call(choice, new ChatCompletionMessageToolCallChunk(index, id, null, piece));
  }

  @Override
  public void customCall(int choice, int index, String id, String name, String input) {
    call(choice, new ChatCompletionMessageToolCallChunk(index, id, "custom", name, input));
  }

  private void call(int choice, ChatCompletionMessageToolCallChunk piece) {
    emit(choice, new Delta(null, null, null, List.of(piece)), null, null);
  }

  @Override
  public void finish(int choice, FinishReason reason) {
    emit(choice, NOTHING, reason, null);
  }

  @Override
  public void complete(CompletionUsage usage) {
    if (head.includeUsage()) {
      emit(List.of(), usage);
    }
  }

  private void emit(
      int choice,
      Delta delta,
      @Nullable FinishReason reason,
      @Nullable List<ChatCompletionTokenLogprob> logprobs) {
    if (!begun) {
      begun = true;
      for (int i = 0; i < head.choices(); i++) {
        emit(List.of(new Choice(i, ROLE, null)), null);
      }
    }
    emit(List.of(new Choice(choice, delta, reason, logprobs)), null);
  }

  private void emit(List<Choice> choices, @Nullable CompletionUsage usage) {
    output.accept(
        new ChatCompletionChunk(
            head.id(), head.created(), head.model(), choices, usage, head.serviceTier()));
  }
}
