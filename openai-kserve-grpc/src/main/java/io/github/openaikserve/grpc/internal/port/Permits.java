package io.github.openaikserve.grpc.internal.port;

import io.github.openaikserve.error.OverloadedException;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A fair semaphore with a bounded queue, for the calls to AnyServe's dispatcher: it forwards at
 * most ten concurrent calls and fails all others.
 */
final class Permits {
  private static final int MAX = 10;
  private static final int QUEUE = 1024;
  private static final Duration MAX_WAIT = Duration.ofSeconds(30);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  // Guarded by this.
  private final Deque<CompletableFuture<Runnable>> waiting = new ArrayDeque<>();
  private int running;

  /**
   * Acquires a permit. The holder releases it by running it once.
   *
   * @return fails with {@link OverloadedException} if the queue is full or the wait too long;
   *     cancelling it leaves the queue
   */
  CompletableFuture<Runnable> acquire() {
    var permit = new CompletableFuture<Runnable>();
    synchronized (this) {
      if (running < MAX) {
        running++;
        permit.complete(this::release);
        return permit;
      }
      waiting.removeIf(CompletableFuture::isDone);
      if (waiting.size() >= QUEUE) {
        permit.completeExceptionally(
            overloaded("The model server is busy and the queue of waiting calls is full."));
        return permit;
      }
      waiting.add(permit);
    }
    Scheduler.Cancellable timer =
        Scheduler.SHARED.schedule(
            MAX_WAIT,
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

  private static OverloadedException overloaded(String message) {
    return new OverloadedException(message, RETRY_AFTER);
  }
}
