package io.github.openaikserve.internal.flow;

import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A stage that maps every item. */
public final class MappingStage<I, O> implements Stage<I, O> {
  private final Function<? super I, ? extends O> function;
  private final Function<Throwable, Flow.@Nullable Publisher<I>> replacement;
  private Consumer<? super O> output = item -> {};

  public MappingStage(Function<? super I, ? extends O> function) {
    this(function, failure -> null);
  }

  /**
   * Creates a stage.
   *
   * @param replacement returns the replacement for a source that has failed before its first item;
   *     null for none
   */
  public MappingStage(
      Function<? super I, ? extends O> function,
      Function<Throwable, Flow.@Nullable Publisher<I>> replacement) {
    this.function = function;
    this.replacement = replacement;
  }

  @Override
  public void onStart(Consumer<? super O> output) {
    this.output = output;
  }

  @Override
  public void onNext(int source, I item) {
    output.accept(function.apply(item));
  }

  @Override
  public Flow.@Nullable Publisher<I> onErrorResume(int source, Throwable failure) {
    return replacement.apply(failure);
  }

  @Override
  public void onSourceComplete(int source) {}
}
