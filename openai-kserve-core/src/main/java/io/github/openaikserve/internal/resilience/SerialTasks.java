package io.github.openaikserve.internal.resilience;

import io.github.openaikserve.internal.flow.DrainLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A queue of tasks that run one at a time, in the order in which they were added. Thread-safe.
 *
 * <p>A state change adds its task under the lock that guards the state, so that events have the
 * order of the changes. It runs the task after releasing the lock.
 */
public final class SerialTasks {
  private static final Logger log = LoggerFactory.getLogger(SerialTasks.class);

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final DrainLoop drain = new DrainLoop(this::runAll);

  /** Adds a task for {@link #run}. May be called under a lock. */
  public void add(Runnable task) {
    tasks.add(task);
  }

  /**
   * Runs the added tasks, unless another thread is running them. Must not be called under a lock.
   */
  public void run() {
    drain.run();
  }

  private void runAll() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      try {
        task.run();
      } catch (Throwable e) {
        log.error("event handler failed", e);
      }
    }
  }
}
