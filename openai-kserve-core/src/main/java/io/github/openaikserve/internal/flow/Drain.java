package io.github.openaikserve.internal.flow;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs a step whenever somebody asks for it, on one thread at a time: who asks while it runs is
 * served by whoever runs it. Thread-safe.
 */
public final class Drain {
  private final Runnable step;
  private final AtomicInteger pending = new AtomicInteger();

  /** A step that nobody has asked for yet. */
  public Drain(Runnable step) {
    this.step = step;
  }

  /**
   * Runs the step now, or has it run once more by the thread that is at it. What a step throws is
   * thrown when all that was asked for has been run.
   */
  public void run() {
    if (pending.getAndIncrement() == 0) {
      proceed();
    }
  }

  /**
   * Whether nobody is at it, so that the caller now is: it may do what the step does, and then must
   * {@link #proceed}.
   */
  boolean enter() {
    return pending.compareAndSet(0, 1);
  }

  /** Runs the step, and once more for whoever asked meanwhile. */
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
