package io.github.openaikserve.internal.engine;

import io.github.openaikserve.internal.flow.Translator;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.Completion.Choice;
import io.github.openaikserve.openai.FinishReason;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Events to the pieces of a completion: the prompt first if it is to be echoed, then text, then one
 * finish reason, then the usage if asked for. Not thread-safe; one per call.
 */
final class CompletionChunkWriter implements Translator<GenerationEvent, Completion> {
  private final AnswerHead head;
  private final String echo;
  private final boolean includeUsage;
  private boolean begun;

  /**
   * A writer for one call.
   *
   * @param echo what comes in front; empty for nothing
   */
  CompletionChunkWriter(AnswerHead head, String echo, boolean includeUsage) {
    this.head = head;
    this.echo = echo;
    this.includeUsage = includeUsage;
  }

  @Override
  public void next(GenerationEvent event, Consumer<? super Completion> output) {
    if (!begun) {
      begun = true;
      if (!echo.isEmpty()) {
        output.accept(piece(echo, null));
      }
    }
    if (event instanceof GenerationEvent.Text text) {
      output.accept(piece(text.text(), null));
    } else if (event instanceof GenerationEvent.Finish finish) {
      output.accept(piece("", finish.reason()));
      if (includeUsage) {
        output.accept(
            new Completion(
                head.id(), head.created(), head.model(), List.of(), finish.usage(), List.of()));
      }
    }
  }

  private Completion piece(String text, @Nullable FinishReason reason) {
    return new Completion(
        head.id(),
        head.created(),
        head.model(),
        List.of(new Choice(0, text, reason)),
        null,
        List.of());
  }
}
