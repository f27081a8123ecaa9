package io.github.openaikserve.resilience;

import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A timer for one task at a time: setting it replaces the task before. Never calls its scheduler
 * under a lock. Thread-safe.
 */
final class Timer {
  private final Scheduler scheduler;

  // Guarded by this.
  private long number;
  private @Nullable Runnable cancel;
  private boolean closed;

  Timer(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /**
   * Runs a task after a delay, unless this is set again, stopped or closed before. Throws what the
   * scheduler throws.
   */
  void set(Duration delay, Runnable task) {
    long mine;
    Runnable before;
    synchronized (this) {
      if (closed) {
        return;
      }
      mine = ++number;
      before = cancel;
      cancel = null;
    }
    cancel(before);
    Runnable made = scheduler.schedule(delay, () -> runIfCurrent(mine, task));
    synchronized (this) {
      if (mine == number) {
        cancel = made;
        return;
      }
    }
    cancel(made); // it was replaced meanwhile
  }

  private void runIfCurrent(long mine, Runnable task) {
    synchronized (this) {
      if (mine != number) {
        return;
      }
    }
    task.run();
  }

  void stop() {
    Runnable before;
    synchronized (this) {
      number++;
      before = cancel;
      cancel = null;
    }
    cancel(before);
  }

  /** Stops the timer, which cannot be set after that. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    stop();
  }

  private static void cancel(@Nullable Runnable cancel) {
    if (cancel != null) {
      cancel.run();
    }
  }
}
