package io.github.openaikserve.internal.flow;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One step of a translation: values in, values out, no I/O. Not thread-safe; one per stream.
 *
 * @param <I> what goes in
 * @param <O> what comes out
 */
public interface Translator<I, O> {

  /** Takes one value and gives any number; not called again once {@link #done}. */
  void next(I input, Consumer<? super O> output);

  /** Gives what was held back. Called once, after the last value or once {@link #done}. */
  default void end(Consumer<? super O> output) {}

  /**
   * The upstream failed, or this step did: gives what was held back and says what the subscriber is
   * told. Called at most once, in place of {@link #end}; not at all when the first value failed,
   * which is told as it is.
   *
   * @return the failure to end with; null to end as if nothing had happened
   */
  default @Nullable Throwable fail(Throwable failure, Consumer<? super O> output) {
    return failure;
  }

  /** Whether no further value is wanted, but what the step before gives at its end. */
  default boolean done() {
    return false;
  }

  /** This step followed by another. */
  default <P> Translator<I, P> andThen(Translator<? super O, P> then) {
    Translator<I, O> first = this;
    return new Translator<>() {
      @Override
      public void next(I input, Consumer<? super P> output) {
        first.next(input, value -> pass(value, output));
      }

      @Override
      public void end(Consumer<? super P> output) {
        first.end(value -> then.next(value, output));
        then.end(output);
      }

      @Override
      public @Nullable Throwable fail(Throwable failure, Consumer<? super P> output) {
        Throwable rest = first.fail(failure, value -> pass(value, output));
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

      private void pass(O value, Consumer<? super P> output) {
        if (!then.done()) {
          then.next(value, output);
        }
      }
    };
  }
}
