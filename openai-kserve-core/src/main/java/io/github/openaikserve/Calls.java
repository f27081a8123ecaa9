package io.github.openaikserve;

import io.github.openaikserve.dialect.Explanation;
import io.github.openaikserve.internal.answer.Call;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** What all resources do with a call: make it, wait for it, report its failure. */
final class Calls {
  private Calls() {}

  /**
   * Returns the whole answer of a call. Cancelling the future cancels the call.
   *
   * @param call may fail or throw: both fail the future
   */
  static <A> CompletableFuture<A> whole(
      Supplier<? extends CompletableFuture<? extends Call<?, A>>> call) {
    var answer = new CompletableFuture<A>();
    async(call)
        .thenCompose(
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
                answer.completeExceptionally(cause(failure));
              } else {
                answer.complete(done);
              }
            });
    return answer;
  }

  /** Returns an explanation that is made once the model's route has been found. */
  static CompletableFuture<Explanation> explained(
      Supplier<? extends CompletableFuture<?>> route, Supplier<Explanation> explanation) {
    return async(route).thenApply(found -> explanation.get());
  }

  /** Returns what the supplier returns; a future that fails with what the supplier throws. */
  static <T> CompletableFuture<? extends T> async(
      Supplier<? extends CompletableFuture<? extends T>> supplier) {
    try {
      return supplier.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * Returns the future's value, or throws its failure with this thread's own trace added.
   *
   * @throws CancellationException if the thread is interrupted; the future is cancelled
   */
  static <T> T await(CompletableFuture<? extends T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting for the answer");
    } catch (ExecutionException e) {
      throw rethrown(e.getCause() == null ? e : e.getCause());
    }
  }

  /**
   * Returns the failure to throw on this thread: itself, or an exception that it is the cause of.
   */
  static RuntimeException rethrown(Throwable failure) {
    Throwable cause = cause(failure);
    if (cause instanceof RuntimeException exception) {
      exception.addSuppressed(new CallSite());
      return exception;
    }
    return new CompletionException(cause);
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** Shows in a stack trace which thread waited; the exception itself comes from another one. */
  private static final class CallSite extends Exception {
    private static final long serialVersionUID = 1L;

    CallSite() {
      super("waited for here");
    }
  }
}
