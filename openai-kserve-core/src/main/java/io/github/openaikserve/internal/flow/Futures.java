package io.github.openaikserve.internal.flow;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * The completion of futures and their failures.
 *
 * <p>A future that is completed in the middle of a stream runs what applications have attached to
 * it on a thread that usually delivers responses: waiting for another response there may never end.
 */
public final class Futures {
  private static final ThreadLocal<Integer> DEPTH = ThreadLocal.withInitial(() -> 0);

  private Futures() {}

  /** Returns the failure inside the exceptions that futures wrap around it. */
  public static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** Completes a future in the middle of a stream. */
  public static void complete(Runnable completion) {
    int before = DEPTH.get();
    DEPTH.set(before + 1);
    try {
      completion.run();
    } finally {
      if (before == 0) {
        DEPTH.remove();
      } else {
        DEPTH.set(before);
      }
    }
  }

  /** Returns whether the current thread runs a continuation in the middle of a stream. */
  static boolean isInContinuation() {
    return DEPTH.get() > 0;
  }
}
