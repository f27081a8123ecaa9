package io.github.openaikserve.internal.answer;

import io.github.openaikserve.internal.flow.Translator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A chunk writer and the step after it, but plain text goes to the latter without its chunk, which
 * most of an answer is. Not thread-safe; one per call.
 */
final class TextShortcut<C, O> implements Translator<ChoiceEvent, O> {
  private final ChunkWriter<C> writer;
  private final TextStep<? super C, O> then;
  private final Translator<ChoiceEvent, O> both;

  TextShortcut(ChunkWriter<C> writer, TextStep<? super C, O> then) {
    this.writer = writer;
    this.then = then;
    this.both = writer.andThen(then);
  }

  @Override
  public void next(ChoiceEvent happened, Consumer<? super O> output) {
    if (!goesPast(happened.index(), happened.event(), output)) {
      both.next(happened, output);
    }
  }

  private boolean goesPast(int choice, GenerationEvent event, Consumer<? super O> output) {
    if (event instanceof GenerationEvent.Text text) {
      if (text.logprobs() == null
          && !text.text().isEmpty()
          && then.text(choice, text.text(), output)) {
        writer.passed(choice, text.text());
        return true;
      }
      return false;
    }
    return event instanceof GenerationEvent.Reasoning reasoning
        && then.reasoning(choice, reasoning.text(), output);
  }

  @Override
  public void pause(Consumer<? super O> output) {
    both.pause(output);
  }

  @Override
  public void end(Consumer<? super O> output) {
    both.end(output);
  }

  @Override
  public @Nullable Throwable fail(Throwable failure, Consumer<? super O> output) {
    return both.fail(failure, output);
  }

  @Override
  public boolean done() {
    return both.done();
  }
}
