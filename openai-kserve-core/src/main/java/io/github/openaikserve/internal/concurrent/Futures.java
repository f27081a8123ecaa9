package io.github.openaikserve.internal.concurrent;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Helpers to complete futures and to unwrap their failures.
 *
 * <p>Completing a future in the middle of a stream runs the application's continuations on a thread
 * that delivers responses. Blocking there for another response may never end.
 */
public final class Futures {
  private static final ThreadLocal<Integer> DEPTH = ThreadLocal.withInitial(() -> 0);

  private Futures() {}

  /** Returns the failure inside the wrapper exceptions of futures. */
  public static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /**
   * Runs any number of asynchronous steps in sequence, without recursion.
   *
   * @param step returns the future to wait for before the next step; null after the last step. An
   *     exception ends the sequence
   */
  public static CompletableFuture<Void> sequence(
      Supplier<? extends @Nullable CompletableFuture<?>> step) {
    var done = new CompletableFuture<Void>();
    proceed(step, done);
    return done;
  }

  private static void proceed(
      Supplier<? extends @Nullable CompletableFuture<?>> step, CompletableFuture<Void> done) {
    try {
      for (CompletableFuture<?> next = step.get(); next != null; next = step.get()) {
        if (!next.isDone()) {
          next.whenComplete(
              (value, failure) -> {
                if (failure == null) {
                  proceed(step, done);
                } else {
                  done.completeExceptionally(cause(failure));
                }
              });
          return;
        }
        next.join();
      }
      done.complete(null);
    } catch (Throwable e) {
      done.completeExceptionally(cause(e));
    }
  }

  /**
   * Completes a future in the middle of a stream.
   *
   * @return whether the future was not yet completed
   */
  public static boolean complete(BooleanSupplier completion) {
    int before = DEPTH.get();
    DEPTH.set(before + 1);
    try {
      return completion.getAsBoolean();
    } finally {
      if (before == 0) {
        DEPTH.remove();
      } else {
        DEPTH.set(before);
      }
    }
  }

  /** Returns the exception for a thread that would block in such a continuation. */
  public static IllegalStateException blocked() {
    return new IllegalStateException(
        "a blocking call in a continuation of a call may never end (thread %s); block on another thread, or configure an executor for responses"
            .formatted(Thread.currentThread().getName()));
  }

  /** Returns whether the current thread runs a continuation in the middle of a stream. */
  public static boolean isInContinuation() {
    return DEPTH.get() > 0;
  }
}
