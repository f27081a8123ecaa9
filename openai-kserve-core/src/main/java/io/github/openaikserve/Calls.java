package io.github.openaikserve;

import io.github.openaikserve.dialect.Explanation;
import io.github.openaikserve.internal.answer.WholeAnswer;
import io.github.openaikserve.internal.flow.CancellationPropagatingFuture;
import io.github.openaikserve.internal.flow.Futures;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** What all resources do with a call: make it, wait for it, report its failure. */
final class Calls {
  private Calls() {}

  /**
   * Returns the whole answer. Ending the future cancels the calls.
   *
   * @param prepared may fail or throw: both fail the future
   */
  static <A> CompletableFuture<A> whole(
      Supplier<? extends CompletableFuture<? extends WholeAnswer<A>>> prepared) {
    return CancellationPropagatingFuture.compose(
        async(prepared), WholeAnswer::whole, unwanted -> {});
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
    } catch (RuntimeException | Error e) {
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
    Throwable cause = Futures.cause(failure);
    if (cause instanceof RuntimeException exception) {
      exception.addSuppressed(new CallSite());
      return exception;
    }
    return new CompletionException(cause);
  }

  /** Shows in a stack trace which thread waited; the exception itself comes from another one. */
  private static final class CallSite extends Exception {
    private static final long serialVersionUID = 1L;

    CallSite() {
      super("waited for here");
    }
  }
}
