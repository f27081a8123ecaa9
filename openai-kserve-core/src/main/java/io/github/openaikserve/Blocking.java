package io.github.openaikserve;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Waiting for a future as if the work were done in place. */
final class Blocking {
  private Blocking() {}

  /**
   * The future's value, or its failure thrown with this thread's own trace added.
   *
   * @throws CancellationException if the thread is interrupted: the future is cancelled
   */
  static <T> T await(CompletableFuture<T> future) {
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

  /** The failure without what futures wrap around it. */
  static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** The failure to throw here; what is no exception of its own becomes the cause of one. */
  static RuntimeException rethrown(Throwable failure) {
    Throwable cause = cause(failure);
    if (cause instanceof RuntimeException exception) {
      exception.addSuppressed(new CallSite());
      return exception;
    }
    return new CompletionException(cause);
  }

  /** Shows in a stack trace who waited; the exception itself comes from another thread. */
  private static final class CallSite extends Exception {
    private static final long serialVersionUID = 1L;

    CallSite() {
      super("waited for here");
    }
  }
}
