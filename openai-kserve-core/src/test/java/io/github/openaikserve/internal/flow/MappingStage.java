package io.github.openaikserve.internal.flow;

import java.util.function.Consumer;
import java.util.function.Function;

/** A stage that maps every item. */
public final class MappingStage<I, O> implements Stage<I, O> {
  private final Function<? super I, ? extends O> function;
  private Consumer<? super O> output = item -> {};

  public MappingStage(Function<? super I, ? extends O> function) {
    this.function = function;
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
  public void onSourceComplete(int source) {}
}
