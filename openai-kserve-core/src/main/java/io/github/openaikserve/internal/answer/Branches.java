package io.github.openaikserve.internal.answer;

import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.internal.flow.Merge;
import io.github.openaikserve.internal.flow.Translator;
import io.github.openaikserve.internal.request.Prepared;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Function;

/** The generations of a call: one for each choice of each prompt. */
final class Branches {
  private Branches() {}

  /**
   * What happens in all of them; the choice's index is that of its prompt times {@code perPrompt}
   * and its own.
   *
   * @param call makes the call of one generation and its steps
   * @param atOnce how many may go on at the same time
   */
  static Source<?, ChoiceEvent> of(
      List<Generation> prompts,
      int perPrompt,
      int atOnce,
      Function<Generation, Source<?, GenerationEvent>> call) {
    if (prompts.size() == 1 && perPrompt == 1) {
      return call.apply(prompts.get(0)).andThenNumber(new Indexed(0));
    }
    List<Flow.Publisher<ChoiceEvent>> choices = new ArrayList<>();
    for (Generation prompt : prompts) {
      for (int i = 0; i < perPrompt; i++) {
        choices.add(
            call.apply(Prepared.choice(prompt, i)).andThen(new Indexed(choices.size())).pipe());
      }
    }
    return new Source<>(new Merge<>(choices, atOnce), new Unchanged());
  }

  private record Indexed(int index) implements Translator<GenerationEvent, ChoiceEvent> {
    @Override
    public void next(GenerationEvent event, Consumer<? super ChoiceEvent> output) {
      output.accept(new ChoiceEvent(index, event));
    }
  }

  private record Unchanged() implements Translator<ChoiceEvent, ChoiceEvent> {
    @Override
    public void next(ChoiceEvent event, Consumer<? super ChoiceEvent> output) {
      output.accept(event);
    }
  }
}
