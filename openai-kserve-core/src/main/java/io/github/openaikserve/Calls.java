package io.github.openaikserve;

import io.github.openaikserve.dialect.Explanation;
import io.github.openaikserve.internal.answer.call.WholeAnswer;
import io.github.openaikserve.internal.concurrent.CancellationPropagatingFuture;
import io.github.openaikserve.internal.concurrent.Futures;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** The steps that all resources share: starting a call, waiting for it, reporting its failure. */
final class Calls {
  private Calls() {}

  /**
   * Returns a future of the whole answer. Completing or cancelling the future early cancels the
   * calls.
   *
   * @param prepared may fail or throw; both fail the returned future
   */
  static <A> CompletableFuture<A> whole(
      Supplier<? extends CompletableFuture<? extends WholeAnswer<A>>> prepared) {
    return CancellationPropagatingFuture.compose(
        async(prepared), WholeAnswer::whole, unwanted -> {});
  }

  /** Returns a future explanation, created after the model's route has been found. */
  static CompletableFuture<Explanation> explained(
      Supplier<? extends CompletableFuture<?>> route, Supplier<Explanation> explanation) {
    return async(route).thenApply(found -> explanation.get());
  }

  /** Returns the supplier's future, or a failed future if the supplier throws. */
  static <T> CompletableFuture<? extends T> async(
      Supplier<? extends CompletableFuture<? extends T>> supplier) {
    try {
      return supplier.get();
    } catch (Throwable e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * Waits for the future's value, or throws its failure with the stack trace of this thread added.
   *
   * @throws CancellationException if the thread is interrupted; the future is cancelled
   * @throws IllegalStateException if this thread runs a continuation of a call and the future is
   *     not done; the future is cancelled
   */
  static <T> T await(CompletableFuture<? extends T> future) {
    if (!future.isDone() && Futures.isInContinuation()) {
      future.cancel(true);
      throw Futures.blocked();
    }
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
   * Returns the exception to throw on this thread: the failure itself, or an exception that wraps
   * it.
   */
  static RuntimeException rethrown(Throwable failure) {
    Throwable cause = Futures.cause(failure);
    if (cause instanceof RuntimeException exception) {
      exception.addSuppressed(new CallSite());
      return exception;
    }
    return new CompletionException(cause);
  }

  /**
   * The stack trace of the thread that waited. The exception itself was created on another thread.
   */
  private static final class CallSite extends Exception {
    private static final long serialVersionUID = 1L;

    CallSite() {
      super("waited for here");
    }
  }
}
