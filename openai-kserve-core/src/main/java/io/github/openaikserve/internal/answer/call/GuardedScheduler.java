package io.github.openaikserve.internal.answer.call;

import io.github.openaikserve.time.Scheduler;
import io.github.openaikserve.time.Scheduler.Cancellable;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A wrapper of an application's scheduler in which only {@link #schedule} can throw. Thread-safe.
 *
 * <p>Calls read the clock and cancel timers when they end, and an exception would prevent that. If
 * the clock fails, its last time is used.
 */
public final class GuardedScheduler implements Scheduler {
  private static final Logger log = LoggerFactory.getLogger(GuardedScheduler.class);

  private final Scheduler scheduler;
  private final AtomicLong latest;
  private final AtomicBoolean logged = new AtomicBoolean();

  private GuardedScheduler(Scheduler scheduler) {
    this.scheduler = scheduler;
    this.latest = new AtomicLong(scheduler.nanoTime());
  }

  /** Returns a scheduler whose clock and timers never throw after this method has returned. */
  public static Scheduler of(Scheduler scheduler) {
    return scheduler == Scheduler.SHARED ? scheduler : new GuardedScheduler(scheduler);
  }

  @Override
  public long nanoTime() {
    try {
      long now = scheduler.nanoTime();
      latest.setOpaque(now);
      return now;
    } catch (Throwable e) {
      report("nanoTime", e);
      return latest.getOpaque();
    }
  }

  @Override
  public Cancellable schedule(Duration delay, Runnable task) {
    Cancellable timer =
        Objects.requireNonNull(scheduler.schedule(delay, task), "the scheduler returned null");
    return () -> {
      try {
        timer.cancel();
      } catch (Throwable e) {
        report("cancel", e);
      }
    };
  }

  private void report(String method, Throwable failure) {
    if (logged.compareAndSet(false, true)) {
      log.warn(
          "scheduler failed, further failures are not logged scheduler={} method={}",
          scheduler.getClass().getName(),
          method,
          failure);
    }
  }
}
