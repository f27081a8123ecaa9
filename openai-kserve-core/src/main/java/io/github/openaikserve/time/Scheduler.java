package io.github.openaikserve.time;

import java.time.Duration;

/**
 * Tells the time that has passed, and does things later. Thread-safe.
 *
 * <p>The library starts no thread: whatever waits for a moment asks a scheduler. {@link #SHARED} is
 * used unless another one is given; tests give {@link
 * io.github.openaikserve.testing.ManualScheduler}.
 */
public interface Scheduler {
  /**
   * The JDK's own: its one timer thread, which every application has already, and tasks on the
   * thread pool of {@link java.util.concurrent.CompletableFuture}.
   */
  Scheduler SHARED = new SharedScheduler();

  /** Nanoseconds since some moment that stays the same; only differences mean something. */
  long nanoTime();

  /**
   * Runs a task once, after a delay; at once if it is not positive.
   *
   * @param task must not block
   * @return takes the task back, if it has not begun; may run more than once
   */
  Runnable schedule(Duration delay, Runnable task);
}
