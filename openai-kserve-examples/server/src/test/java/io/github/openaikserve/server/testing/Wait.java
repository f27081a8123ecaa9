package io.github.openaikserve.server.testing;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for what a server does in the background. */
public final class Wait {
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private Wait() {}

  /** Waits until a condition is true, for twenty seconds at most. */
  public static void until(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("the condition is still false after twenty seconds");
      }
      pause();
    }
  }

  /** Pauses shortly, so that a waiting test takes no processor from the server. */
  public static void pause() {
    LockSupport.parkNanos(POLL_NANOS);
  }
}
