package io.github.openaikserve.internal.flow;

/**
 * The threads that complete a future in the middle of a stream, and so run what applications have
 * attached to it.
 *
 * <p>Such a thread usually delivers responses: waiting for another one there may never end.
 */
public final class Continuations {
  private static final ThreadLocal<Integer> DEPTH = ThreadLocal.withInitial(() -> 0);

  private Continuations() {}

  /** Completes a future. */
  public static void run(Runnable completion) {
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

  /** Returns whether the current thread runs a continuation. */
  static boolean isRunning() {
    return DEPTH.get() > 0;
  }
}
