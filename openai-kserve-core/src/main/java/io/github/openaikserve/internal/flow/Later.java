package io.github.openaikserve.internal.flow;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A publisher that comes later. Takes one subscriber, who may ask and cancel before it is there.
 *
 * @param <T> what is published
 */
public final class Later<T> implements Flow.Publisher<T> {
  private final Pipe<T, T> pipe;

  /** A publisher that is asked for when this one is subscribed to. */
  public Later(Supplier<? extends CompletableFuture<? extends Flow.Publisher<T>>> publisher) {
    this.pipe =
        new Pipe<>(
            subscriber ->
                publisher
                    .get()
                    .whenComplete(
                        (there, failure) ->
                            (failure == null ? there : Publishers.<T>failed(cause(failure)))
                                .subscribe(subscriber)),
            new Unchanged<>());
  }

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    pipe.subscribe(subscriber);
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private static final class Unchanged<T> implements Translator<T, T> {
    @Override
    public void next(T input, Consumer<? super T> output) {
      output.accept(input);
    }
  }
}
