package io.github.openaikserve;

import io.github.openaikserve.internal.answer.GeneratedAnswer;
import io.github.openaikserve.internal.answer.WholeAnswer;
import io.github.openaikserve.internal.flow.CancellationPropagatingFuture;
import io.github.openaikserve.internal.flow.Futures;
import io.github.openaikserve.internal.flow.Publishers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Supplier;

/** Making calls that may first have to find out which model is meant. */
final class Calls {
  private Calls() {}

  static <A> CompletableFuture<A> whole(CompletableFuture<? extends WholeAnswer<A>> prepared) {
    var future = new CancellationPropagatingFuture<A>();
    future.onAbandon(() -> prepared.cancel(false));
    prepared.whenComplete(
        (answer, failure) -> {
          if (failure != null) {
            future.fail(Futures.cause(failure));
          } else if (!future.isDone()) {
            CompletableFuture<A> whole = answer.whole();
            future.onAbandon(() -> whole.cancel(false));
            whole.whenComplete(
                (value, failed) -> {
                  if (failed != null) {
                    future.fail(Futures.cause(failed));
                  } else {
                    future.succeed(value);
                  }
                });
          }
        });
    return future;
  }

  static <C> Flow.Publisher<C> streamed(
      Supplier<? extends CompletableFuture<? extends GeneratedAnswer<C, ?>>> prepared) {
    return Publishers.fromFuture(
        () -> prepared.get().<Flow.Publisher<C>>thenApply(GeneratedAnswer::chunks));
  }
}
