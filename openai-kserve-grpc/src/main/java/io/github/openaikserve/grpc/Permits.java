package io.github.openaikserve.grpc;

import io.github.openaikserve.error.OverloadedException;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Permits for calls to a server that takes a fixed number at a time, first come first served. */
final class Permits {
  private final int max;
  private final int queue;
  private final Duration maxWait;
  private final Duration retryAfter;
  private final Scheduler scheduler;

  // Guarded by this.
  private final Deque<CompletableFuture<Runnable>> waiting = new ArrayDeque<>();
  private int running;

  /**
   * Creates permits.
   *
   * @param max how many calls run at a time
   * @param queue how many more may wait
   * @param maxWait how long one may wait
   * @param scheduler ends the waiting
   */
  Permits(int max, int queue, Duration maxWait, Scheduler scheduler) {
    this.max = max;
    this.queue = queue;
    this.maxWait = maxWait;
    this.retryAfter = Duration.ofSeconds(1);
    this.scheduler = scheduler;
  }

  /**
   * Returns a permit, which is given back by running it once.
   *
   * @return fails with {@link OverloadedException}; cancelling it leaves the queue
   */
  CompletableFuture<Runnable> acquire() {
    var permit = new CompletableFuture<Runnable>();
    synchronized (this) {
      if (running < max) {
        running++;
        permit.complete(this::giveBack);
        return permit;
      }
      waiting.removeIf(CompletableFuture::isDone);
      if (waiting.size() >= queue) {
        permit.completeExceptionally(
            overloaded("The model server is busy, and too many calls are waiting."));
        return permit;
      }
      waiting.add(permit);
    }
    Scheduler.Cancellable timer =
        scheduler.schedule(
            maxWait,
            () ->
                permit.completeExceptionally(
                    overloaded("The model server is busy; the call has waited too long.")));
    permit.whenComplete((granted, failure) -> timer.cancel());
    return permit;
  }

  private void giveBack() {
    for (CompletableFuture<Runnable> next = next(); next != null; next = next()) {
      if (next.complete(this::giveBack)) {
        return;
      }
    }
  }

  /** Takes the next call out of the queue; null if there is none, and the permit is free. */
  private synchronized @Nullable CompletableFuture<Runnable> next() {
    CompletableFuture<Runnable> next = waiting.poll();
    if (next == null) {
      running--;
    }
    return next;
  }

  private OverloadedException overloaded(String message) {
    return new OverloadedException(message, retryAfter);
  }
}
