package io.github.openaikserve.internal.answer;

import io.github.openaikserve.internal.flow.Pipe;
import io.github.openaikserve.internal.flow.Translator;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A publisher and the steps that its values pass. Used once.
 *
 * @param <I> what is published
 * @param <O> what comes out in the end
 * @param plain the first step, where all that comes after it leaves plain text as it is; else null
 */
record Source<I, O>(
    Flow.Publisher<I> publisher, Translator<I, O> steps, @Nullable GenerationDecoder plain) {

  /** A source whose steps may do anything to text. */
  Source(Flow.Publisher<I> publisher, Translator<I, O> steps) {
    this(publisher, steps, null);
  }

  <P> Source<I, P> andThen(Translator<? super O, P> then) {
    return new Source<>(publisher, steps.andThen(then));
  }

  /** Followed by a step that says of the only choice which one it is. */
  <P> Source<I, P> andThenNumber(Translator<? super O, P> then) {
    return new Source<>(publisher, steps.andThen(then), plain);
  }

  Pipe<I, O> pipe() {
    return new Pipe<>(publisher, steps);
  }
}
