package io.github.openaikserve.time;

import java.time.Duration;

/**
 * A clock and a timer. Thread-safe.
 *
 * <p>The library starts no thread: each of its timeouts and pauses uses a scheduler. The default is
 * {@link #SHARED}. Tests use {@link io.github.openaikserve.testing.ManualScheduler}.
 */
public interface Scheduler {
  /**
   * The scheduler of the JDK: its timer thread, which all code in a process shares, and the thread
   * pool of {@link java.util.concurrent.CompletableFuture} for the tasks. Logs what a task throws.
   */
  Scheduler SHARED = new SharedScheduler();

  /**
   * Returns the nanoseconds since a fixed but arbitrary moment. Only differences between two
   * results are meaningful.
   */
  long nanoTime();

  /**
   * Runs a task once after a delay. A delay of zero or less runs it as soon as possible; the
   * longest {@code Duration} is valid.
   *
   * @param task must not block
   * @return a handle that cancels the task
   */
  Cancellable schedule(Duration delay, Runnable task);

  /** A task that was scheduled. Thread-safe. */
  @FunctionalInterface
  interface Cancellable {
    /** Cancels the task. Has no effect if the task has begun or was cancelled before. */
    void cancel();
  }
}
