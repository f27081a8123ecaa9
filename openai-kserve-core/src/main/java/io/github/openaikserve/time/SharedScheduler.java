package io.github.openaikserve.time;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A scheduler on the JDK's timer thread. Tasks run on the common pool, so a slow task does not
 * delay other timers. Exceptions of tasks are logged.
 */
final class SharedScheduler implements Scheduler {
  private static final Logger log = LoggerFactory.getLogger(SharedScheduler.class);

  /** The time limit for starting the timer thread. */
  private static final Duration START = Duration.ofMillis(200);

  static {
    startTimer();
  }

  /**
   * Starts the JDK's timer thread, unless it is already running. That thread never ends. It keeps
   * the context class loader and the protection domains of the code that starts it, so a web
   * application that started it could not be unloaded. Threads of the common pool belong to no
   * application, so one of them starts the timer thread.
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
  public Cancellable schedule(Duration delay, Runnable task) {
    var timer = new Timer(task);
    timer.start(Math.max(0, TimeUnit.NANOSECONDS.convert(delay)));
    return timer;
  }

  /**
   * A task that waits for its timer.
   *
   * <p>The future completes with the timer when the task is due, and with null when it is
   * cancelled. Both are normal completions: an exception costs a stack trace, and early releases of
   * JDK 17 remove a timer from their queue only if its future completes normally.
   */
  private static final class Timer implements Cancellable, Runnable {
    private final CompletableFuture<@Nullable Timer> due = new CompletableFuture<>();
    private final AtomicReference<@Nullable Runnable> task;

    Timer(Runnable task) {
      this.task = new AtomicReference<>(Objects.requireNonNull(task));
    }

    void start(long nanos) {
      due.thenAccept(Timer::dispatch);
      due.completeOnTimeout(this, nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void cancel() {
      task.set(null);
      due.complete(null);
    }

    private static void dispatch(@Nullable Timer timer) {
      if (timer != null) {
        timer.due.defaultExecutor().execute(timer);
      }
    }

    @Override
    public void run() {
      Runnable work = task.getAndSet(null);
      if (work == null) {
        return;
      }
      try {
        work.run();
      } catch (Throwable e) { // no caller could receive it
        log.error("scheduled task failed", e);
      }
    }
  }
}
