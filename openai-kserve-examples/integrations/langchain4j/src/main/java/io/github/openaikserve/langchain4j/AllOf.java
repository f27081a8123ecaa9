package io.github.openaikserve.langchain4j;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Waits for several calls. */
final class AllOf {
  private AllOf() {}

  /**
   * Returns a future of the values of calls, in order. The first failure ends it, and its end, how
   * ever it comes, cancels the calls that run.
   */
  static <T> CompletableFuture<List<T>> future(List<CompletableFuture<T>> calls) {
    var future = new CompletableFuture<List<T>>();
    for (CompletableFuture<T> call : calls) {
      call.whenComplete(
          (value, failure) -> {
            if (failure != null) {
              future.completeExceptionally(failure);
            }
          });
    }
    CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
        .thenRun(() -> future.complete(calls.stream().map(CompletableFuture::join).toList()));
    future.whenComplete((values, failure) -> calls.forEach(call -> call.cancel(false)));
    return future;
  }
}
