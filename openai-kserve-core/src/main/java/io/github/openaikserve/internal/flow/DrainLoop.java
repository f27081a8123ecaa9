package io.github.openaikserve.internal.flow;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A loop that runs a step on one thread at a time. A request that arrives while the step runs is
 * served by the running thread. Thread-safe.
 */
public final class DrainLoop {
  private final Runnable step;
  private final @Nullable Executor executor;
  private final AtomicInteger pending = new AtomicInteger();

  /** Creates a loop that is idle. */
  public DrainLoop(Runnable step) {
    this(step, null);
  }

  /**
   * Creates a loop that is idle.
   *
   * @param executor runs the steps; null for the threads that request them
   */
  public DrainLoop(Runnable step, @Nullable Executor executor) {
    this.step = step;
    this.executor = executor;
  }

  /**
   * Runs the step now, or lets the running thread run it once more. What a step throws is thrown
   * after all requested runs, to the executor if there is one.
   */
  public void run() {
    if (pending.getAndIncrement() == 0) {
      if (executor == null) {
        proceed();
      } else {
        executor.execute(this::proceed);
      }
    }
  }

  /**
   * Returns whether the current thread entered an idle loop; it must then {@link #proceed}. Never
   * with an executor.
   */
  boolean tryEnter() {
    return executor == null && pending.compareAndSet(0, 1);
  }

  /** Runs the step until no run is requested. */
  void proceed() {
    int missed = 1;
    Throwable thrown = null;
    do {
      Throwable now = runStep();
      thrown = thrown == null ? now : thrown;
      missed = pending.addAndGet(-missed);
    } while (missed != 0);
    if (thrown instanceof Error e) {
      throw e;
    } else if (thrown instanceof RuntimeException e) {
      throw e;
    }
  }

  private @Nullable Throwable runStep() {
    try {
      step.run();
      return null;
    } catch (RuntimeException | Error e) {
      return e;
    }
  }
}
