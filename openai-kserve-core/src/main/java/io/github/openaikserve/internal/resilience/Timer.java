package io.github.openaikserve.internal.resilience;

import io.github.openaikserve.time.Scheduler;
import io.github.openaikserve.time.Scheduler.Cancellable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A timer for one task at a time. Setting a task replaces the previous one. Never calls its
 * scheduler under a lock. Thread-safe.
 */
public final class Timer {
  private final Scheduler scheduler;

  // Guarded by this.
  private long number;
  private @Nullable Cancellable current;
  private boolean closed;

  public Timer(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /**
   * Runs a task after a delay, unless the timer is set again, stopped or closed before. Exceptions
   * of the scheduler are passed on.
   */
  public void set(Duration delay, Runnable task) {
    long mine;
    Cancellable before;
    synchronized (this) {
      if (closed) {
        return;
      }
      mine = ++number;
      before = current;
      current = null;
    }
    cancel(before);
    Cancellable made = scheduler.schedule(delay, () -> runIfCurrent(mine, task));
    synchronized (this) {
      if (mine == number) {
        current = made;
        return;
      }
    }
    cancel(made); // replaced in the meantime
  }

  private void runIfCurrent(long mine, Runnable task) {
    synchronized (this) {
      if (mine != number) {
        return;
      }
    }
    task.run();
  }

  public void stop() {
    Cancellable before;
    synchronized (this) {
      number++;
      before = current;
      current = null;
    }
    cancel(before);
  }

  /** Stops the timer. Later calls of {@link #set} have no effect. */
  public void close() {
    synchronized (this) {
      closed = true;
    }
    stop();
  }

  private static void cancel(@Nullable Cancellable timer) {
    if (timer != null) {
      timer.cancel();
    }
  }
}
