package io.github.openaikserve.testing;

import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * A scheduler whose time passes only when a test says so. Thread-safe.
 *
 * <p>Tasks run on the thread that lets time pass, each at its own moment, in order.
 */
public final class ManualScheduler implements Scheduler {
  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::number));
  private long now;
  private long numbers;

  /** A scheduler at moment zero. */
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

  /** Returns the moment after a time, or the last moment if the sum overflows. */
  private synchronized long after(Duration time) {
    long nanos = Math.max(0, TimeUnit.NANOSECONDS.convert(time));
    return now + Math.min(nanos, Long.MAX_VALUE - now);
  }

  private synchronized void forget(Task task) {
    tasks.remove(task);
  }

  /** Lets time pass and runs what is due, also what becomes due meanwhile. */
  public void advance(Duration duration) {
    long until = after(duration);
    for (Optional<Task> due = next(until); due.isPresent(); due = next(until)) {
      due.get().work().run();
    }
  }

  /** The next task that is due by then; the time is its moment, or {@code until} after the last. */
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

  /** How many tasks wait for their moment. */
  public synchronized int waiting() {
    return tasks.size();
  }

  private record Task(long at, long number, Runnable work) {}
}
