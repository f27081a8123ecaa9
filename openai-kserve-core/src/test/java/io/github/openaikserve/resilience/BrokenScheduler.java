package io.github.openaikserve.resilience;

import io.github.openaikserve.time.Scheduler;
import java.time.Duration;

/** A scheduler that was shut down: it tells the time and runs nothing. */
record BrokenScheduler(Scheduler clock) implements Scheduler {
  @Override
  public long nanoTime() {
    return clock.nanoTime();
  }

  @Override
  public Cancellable schedule(Duration delay, Runnable task) {
    throw new IllegalStateException("the scheduler was shut down");
  }
}
