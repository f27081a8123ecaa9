package io.github.openaikserve.time;

import java.time.Duration;

/**
 * A clock and a timer. Thread-safe.
 *
 * <p>The library starts no threads: all timeouts and delays use a scheduler. The default is {@link
 * #SHARED}. Tests use {@link io.github.openaikserve.testing.ManualScheduler}.
 */
public interface Scheduler {
  /**
   * The JDK's scheduler. It uses the timer thread that all code of the process shares, and runs
   * tasks on the thread pool of {@link java.util.concurrent.CompletableFuture}. Logs exceptions
   * that tasks throw.
   */
  Scheduler SHARED = new SharedScheduler();

  /**
   * Returns the nanoseconds since a fixed but arbitrary point in time. Only the difference between
   * two results is meaningful.
   */
  long nanoTime();

  /**
   * Runs a task once after a delay. A delay of zero or less runs the task as soon as possible. Any
   * {@code Duration} is valid, including the longest one.
   *
   * @param task must not block
   * @return a handle that cancels the task
   */
  Cancellable schedule(Duration delay, Runnable task);

  /** A handle of a scheduled task. Thread-safe. */
  @FunctionalInterface
  interface Cancellable {
    /** Cancels the task. Has no effect if the task has started or was already cancelled. */
    void cancel();
  }
}
