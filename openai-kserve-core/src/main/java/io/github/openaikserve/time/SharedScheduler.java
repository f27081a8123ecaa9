package io.github.openaikserve.time;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Waits on the JDK's timer and works on its pool: nobody's task holds up another one's moment. */
final class SharedScheduler implements Scheduler {
  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Runnable schedule(Duration delay, Runnable task) {
    // Cancelling the future takes the timer away as well, which delayedExecutor cannot.
    var moment = new CompletableFuture<Void>();
    CompletableFuture<Void> done = moment.thenRunAsync(task);
    moment.completeOnTimeout(null, Math.max(0, nanos(delay)), TimeUnit.NANOSECONDS);
    return () -> {
      moment.cancel(false);
      done.cancel(false);
    };
  }

  private static long nanos(Duration delay) {
    try {
      return delay.toNanos();
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE; // 292 years will do
    }
  }
}
