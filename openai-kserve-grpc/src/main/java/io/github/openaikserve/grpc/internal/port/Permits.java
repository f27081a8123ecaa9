package io.github.openaikserve.grpc.internal.port;

import io.github.openaikserve.error.OverloadedException;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A fair semaphore with a bounded queue, for a server with a fixed number of concurrent calls. */
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
   * @param max the maximum number of concurrent calls
   * @param queue the maximum number of waiting calls
   * @param maxWait the maximum wait of a call
   * @param scheduler ends waits that exceed the maximum
   */
  Permits(int max, int queue, Duration maxWait, Scheduler scheduler) {
    this.max = max;
    this.queue = queue;
    this.maxWait = maxWait;
    this.retryAfter = Duration.ofSeconds(1);
    this.scheduler = scheduler;
  }

  /**
   * Acquires a permit. The holder releases it by running it once.
   *
   * @return fails with {@link OverloadedException} if the queue is full or the wait too long;
   *     cancelling it leaves the queue
   */
  CompletableFuture<Runnable> acquire() {
    var permit = new CompletableFuture<Runnable>();
    synchronized (this) {
      if (running < max) {
        running++;
        permit.complete(this::release);
        return permit;
      }
      waiting.removeIf(CompletableFuture::isDone);
      if (waiting.size() >= queue) {
        permit.completeExceptionally(
            overloaded("The model server is busy and the queue of waiting calls is full."));
        return permit;
      }
      waiting.add(permit);
    }
    Scheduler.Cancellable timer =
        scheduler.schedule(
            maxWait,
            () ->
                permit.completeExceptionally(
                    overloaded(
                        "The model server is busy and the call has exceeded its time limit in the"
                            + " queue.")));
    permit.whenComplete((granted, failure) -> timer.cancel());
    return permit;
  }

  private void release() {
    for (CompletableFuture<Runnable> next = next(); next != null; next = next()) {
      if (next.complete(this::release)) {
        return;
      }
    }
  }

  /** Removes the next call from the queue. If there is none, frees the permit and returns null. */
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
