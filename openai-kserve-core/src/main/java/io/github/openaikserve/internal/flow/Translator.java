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

  /**
   * No further value is there for now, and somebody waits: gives what was held only to be given
   * together. May be called between any two values.
   */
  default void pause(Consumer<? super O> output) {}

  /** Whether no further value is wanted, but what the step before gives at its end. */
  default boolean done() {
    return false;
  }

  /** This step followed by another. */
  default <P> Translator<I, P> andThen(Translator<? super O, P> then) {
    return new Composed<>(this, then);
  }
}
