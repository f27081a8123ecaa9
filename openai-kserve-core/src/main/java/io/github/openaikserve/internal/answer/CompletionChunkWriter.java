package io.github.openaikserve.internal.answer;

import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.Completion.Choice;
import io.github.openaikserve.openai.CompletionLogprobs;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Events to the pieces of a completion: the prompts first if they are to be echoed, then text, then
 * one finish reason for each choice, then the usage if asked for. Not thread-safe; one per call.
 */
final class CompletionChunkWriter implements ChunkWriter<Completion> {
  private final AnswerHead head;
  private final Choices choices;
  private final List<String> echoes;
  private final boolean includeUsage;
  private final int[] offsets;
  private boolean begun;

  /**
   * A writer for one call.
   *
   * @param echoes what comes in front of each choice; empty for nothing
   */
  CompletionChunkWriter(
      AnswerHead head, Choices choices, List<String> echoes, boolean includeUsage) {
    this.head = head;
    this.choices = choices;
    this.echoes = echoes;
    this.includeUsage = includeUsage;
    this.offsets = new int[choices.count()];
  }

  @Override
  public void next(ChoiceEvent happened, Consumer<? super Completion> output) {
    if (!begun) {
      begun = true;
      for (int i = 0; i < echoes.size(); i++) {
        if (!echoes.get(i).isEmpty()) {
          output.accept(text(i, echoes.get(i), null));
        }
      }
    }
    if (happened.event() instanceof GenerationEvent.Text text) {
      output.accept(text(happened.index(), text.text(), text.logprobs()));
    } else if (happened.event() instanceof GenerationEvent.Finish finish) {
      choices.finish(happened.index(), finish);
      if (choices.allFinished()) {
        finish(output);
      }
    }
  }

  @Override
  public void passed(int choice, String text) {
    offsets[choice] += text.codePointCount(0, text.length());
  }

  @Override
  public void passed(int choice, byte[] utf8, int length) {
    for (int i = 0; i < length; i++) {
      if ((utf8[i] & 0xC0) != 0x80) { // not in the middle of a character
        offsets[choice]++;
      }
    }
  }

  private void finish(Consumer<? super Completion> output) {
    for (int i = 0; i < choices.count(); i++) {
      output.accept(piece(List.of(new Choice(i, "", choices.reason(i))), null));
    }
    if (includeUsage) {
      output.accept(piece(List.of(), choices.usage()));
    }
  }

  private Completion text(
      int index, String text, @Nullable List<ChatCompletionTokenLogprob> logprobs) {
    int offset = offsets[index];
    offsets[index] += text.codePointCount(0, text.length());
    CompletionLogprobs placed = logprobs == null ? null : new CompletionLogprobs(logprobs, offset);
    return piece(List.of(new Choice(index, text, (FinishReason) null, placed)), null);
  }

  private Completion piece(List<Choice> changed, @Nullable CompletionUsage usage) {
    return new Completion(head.id(), head.created(), head.model(), changed, usage, List.of());
  }
}
