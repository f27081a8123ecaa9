package io.github.openaikserve;

import io.github.openaikserve.internal.answer.Call;
import io.github.openaikserve.internal.flow.Later;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Supplier;

/** Making calls that may first have to find out which model is meant. */
final class Calls {
  private Calls() {}

  static <A> CompletableFuture<A> whole(CompletableFuture<? extends Call<?, A>> call) {
    var answer = new CompletableFuture<A>();
    call.thenCompose(
            ready -> {
              if (answer.isDone()) {
                return answer;
              }
              CompletableFuture<A> making = ready.whole();
              answer.whenComplete((done, failure) -> making.cancel(false));
              return making;
            })
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                answer.completeExceptionally(Blocking.cause(failure));
              } else {
                answer.complete(done);
              }
            });
    return answer;
  }

  static <C> Flow.Publisher<C> streamed(
      Supplier<? extends CompletableFuture<? extends Call<C, ?>>> call) {
    return new Later<>(() -> call.get().<Flow.Publisher<C>>thenApply(Call::stream));
  }
}
