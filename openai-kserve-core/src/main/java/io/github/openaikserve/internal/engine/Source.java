package io.github.openaikserve.internal.engine;

import io.github.openaikserve.internal.flow.Pipe;
import io.github.openaikserve.internal.flow.Translator;
import java.util.concurrent.Flow;

/**
 * A publisher and the steps that its values pass. Used once.
 *
 * @param <I> what is published
 * @param <O> what comes out in the end
 */
record Source<I, O>(Flow.Publisher<I> publisher, Translator<I, O> steps) {
  <P> Source<I, P> andThen(Translator<? super O, P> then) {
    return new Source<>(publisher, steps.andThen(then));
  }

  Pipe<I, O> pipe() {
    return new Pipe<>(publisher, steps);
  }
}
