package io.github.openaikserve.resilience;

import io.github.openaikserve.internal.resilience.Durations;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The first report of an endpoint source, for which calls wait. Thread-safe. */
final class FirstReport {
  /** The maximum time that a call waits. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(5);

  private final CompletableFuture<Void> reported = new CompletableFuture<>();
  private final Scheduler scheduler;

  FirstReport(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Declares that the source has reported or failed. */
  void arrived() {
    reported.complete(null);
  }

  /**
   * Runs a task when the report has arrived, or after five seconds without it.
   *
   * @param limit the maximum time to wait; null for the five seconds
   * @param attempts records that the wait ended without a report
   */
  <T> CompletableFuture<T> await(
      @Nullable Duration limit, Retries.Attempts attempts, Supplier<CompletableFuture<T>> task) {
    if (reported.isDone()) {
      return task.get();
    }
    var waited = new CompletableFuture<Void>();
    Duration wait = limit == null ? MAX_WAIT : Durations.min(limit, MAX_WAIT);
    Scheduler.Cancellable timer = scheduler.schedule(wait, () -> waited.complete(null));
    return CompletableFuture.anyOf(reported, waited)
        .thenCompose(
            unused -> {
              timer.cancel();
              if (!reported.isDone()) {
                attempts.exhaust();
              }
              return task.get();
            });
  }
}
