package io.github.openaikserve.internal.flow;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A loop that runs a step on one thread at a time. If another thread requests a run meanwhile, the
 * running thread runs the step again. Thread-safe.
 */
public final class DrainLoop {
  private final Runnable step;
  private final @Nullable Executor executor;
  private final AtomicInteger pending = new AtomicInteger();

  /** Creates an idle loop whose steps run on the threads that request them. */
  public DrainLoop(Runnable step) {
    this(step, null);
  }

  /**
   * Creates an idle loop.
   *
   * @param executor runs the steps; null for the threads that request them
   */
  public DrainLoop(Runnable step, @Nullable Executor executor) {
    this.step = step;
    this.executor = executor;
  }

  /** Adds to a demand, up to {@link Long#MAX_VALUE}. */
  public static void addDemand(AtomicLong demand, long n) {
    demand.accumulateAndGet(n, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
  }

  /**
   * Runs the step, or makes the running thread run it once more. An exception of a step is rethrown
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
   * Returns whether the current thread has entered an idle loop; it must then call {@link
   * #proceed}. Always false with an executor.
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
    } else if (thrown != null) { // thrown by an application in Kotlin, for example
      throw new UndeclaredThrowableException(thrown);
    }
  }

  private @Nullable Throwable runStep() {
    try {
      step.run();
      return null;
    } catch (Throwable e) {
      return e;
    }
  }
}
