package io.github.openaikserve.resilience;

import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A timer for one task at a time: setting it replaces the task before. Never calls its scheduler
 * under a lock, and never fails. Thread-safe.
 */
final class Timer {
  private static final Logger log = LoggerFactory.getLogger(Timer.class);

  private final Scheduler scheduler;

  // Guarded by this.
  private long number;
  private @Nullable Runnable cancel;
  private boolean closed;
  private boolean failing;

  Timer(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Runs a task after a delay, unless this is set again, stopped or closed before. */
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
    Runnable made = schedule(delay, () -> runIfCurrent(mine, task));
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

  private @Nullable Runnable schedule(Duration delay, Runnable task) {
    try {
      Runnable made = scheduler.schedule(delay, task);
      failed(false);
      return made;
    } catch (RuntimeException | Error e) {
      if (!failed(true)) {
        log.error("scheduler failed: health checks stop until it works again", e);
      }
      return null;
    }
  }

  /** Returns whether the last attempt had failed too. */
  private synchronized boolean failed(boolean now) {
    boolean before = failing;
    failing = now;
    return before;
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
