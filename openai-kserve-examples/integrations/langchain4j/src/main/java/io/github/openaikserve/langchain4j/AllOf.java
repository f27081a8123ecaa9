package io.github.openaikserve.langchain4j;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Combines the futures of several calls. */
final class AllOf {
  private AllOf() {}

  /**
   * Returns a future of the values of all calls, in order. It fails with the first failure. When it
   * completes, fails or is cancelled, the calls that still run are cancelled.
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
