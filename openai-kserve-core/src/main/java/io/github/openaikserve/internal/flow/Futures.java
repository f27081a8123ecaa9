package io.github.openaikserve.internal.flow;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Helpers for futures. */
public final class Futures {
  private Futures() {}

  /**
   * Returns the failure itself, without the {@link CompletionException}s and {@link
   * ExecutionException}s that futures wrap around it.
   */
  public static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
