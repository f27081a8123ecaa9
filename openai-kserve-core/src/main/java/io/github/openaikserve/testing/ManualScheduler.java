package io.github.openaikserve.testing;

import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * A scheduler for tests whose time advances only when a test calls {@link #advance}. Thread-safe.
 *
 * <p>Tasks run on the thread that calls {@link #advance}, in order of their due times.
 */
public final class ManualScheduler implements Scheduler {
  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::number));
  private long now;
  private long numbers;

  /** Creates a scheduler whose time is zero. */
  public ManualScheduler() {}

  @Override
  public synchronized long nanoTime() {
    return now;
  }

  @Override
  public Cancellable schedule(Duration delay, Runnable task) {
    Task later;
    synchronized (this) {
      later = new Task(after(delay), numbers++, task);
      tasks.add(later);
    }
    return () -> forget(later);
  }

  /** Returns the current time plus a duration, or the maximum if the sum overflows. */
  private synchronized long after(Duration time) {
    long nanos = Math.max(0, TimeUnit.NANOSECONDS.convert(time));
    return now + Math.min(nanos, Long.MAX_VALUE - now);
  }

  private synchronized void forget(Task task) {
    tasks.remove(task);
  }

  /** Advances the time and runs all tasks that become due, including tasks that these schedule. */
  public void advance(Duration duration) {
    long until = after(duration);
    for (Optional<Task> due = next(until); due.isPresent(); due = next(until)) {
      due.get().work().run();
    }
  }

  /**
   * Removes and returns the next task due by {@code until}, and sets the time to its due time;
   * after the last task, sets the time to {@code until}.
   */
  private synchronized Optional<Task> next(long until) {
    Task first = tasks.peek();
    if (first == null || first.at() > until) {
      now = until;
      return Optional.empty();
    }
    tasks.remove();
    now = Math.max(now, first.at());
    return Optional.of(first);
  }

  /** Returns the number of tasks that have not run. */
  public synchronized int waiting() {
    return tasks.size();
  }

  private record Task(long at, long number, Runnable work) {}
}
