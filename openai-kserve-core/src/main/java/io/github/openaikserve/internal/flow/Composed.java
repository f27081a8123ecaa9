package io.github.openaikserve.internal.flow;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One step followed by another. Not thread-safe; one per stream. */
final class Composed<I, O, P> implements Translator<I, P> {
  private final Translator<I, O> first;
  private final Translator<? super O, P> then;

  // Between the two there is the same consumer for as long as the last one stays the same: a new
  // one for each value would cost more than many a step.
  private @Nullable Consumer<? super P> last;
  private Consumer<O> between = value -> {};

  Composed(Translator<I, O> first, Translator<? super O, P> then) {
    this.first = first;
    this.then = then;
  }

  @Override
  public void next(I input, Consumer<? super P> output) {
    first.next(input, between(output));
  }

  @Override
  public void pause(Consumer<? super P> output) {
    first.pause(between(output));
    then.pause(output);
  }

  @Override
  public void end(Consumer<? super P> output) {
    first.end(value -> then.next(value, output));
    then.end(output);
  }

  @Override
  public @Nullable Throwable fail(Throwable failure, Consumer<? super P> output) {
    Throwable rest = first.fail(failure, between(output));
    if (rest != null) {
      return then.fail(rest, output);
    }
    then.end(output);
    return null;
  }

  @Override
  public boolean done() {
    return first.done() || then.done();
  }

  private Consumer<O> between(Consumer<? super P> output) {
    if (output != last) {
      last = output;
      between =
          value -> {
            if (!then.done()) {
              then.next(value, output);
            }
          };
    }
    return between;
  }
}
