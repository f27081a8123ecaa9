package io.github.openaikserve.time;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A scheduler on the JDK's timer thread. Tasks run on the common pool and delay no timer. */
final class SharedScheduler implements Scheduler {
  private static final Duration START = Duration.ofMillis(200);

  static {
    startTimer();
  }

  /**
   * Starts the JDK's timer thread, if no other code has. That thread never ends, and keeps the
   * context class loader and the protection domains of the code that starts it: a web application
   * could not be unloaded. A thread of the common pool, which has none of an application, starts it
   * here after our code has returned.
   */
  private static void startTimer() {
    var onPool = new CompletableFuture<Void>();
    CompletableFuture<Void> started =
        onPool.thenRunAsync(() -> {}, CompletableFuture.delayedExecutor(0, TimeUnit.NANOSECONDS));
    onPool.completeAsync(() -> null, ForkJoinPool.commonPool());
    try {
      started.get(START.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // The pool is busy. The first task starts the timer.
    }
  }

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
