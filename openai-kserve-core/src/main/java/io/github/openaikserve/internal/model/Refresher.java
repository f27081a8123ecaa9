package io.github.openaikserve.internal.model;

import io.github.openaikserve.time.Scheduler;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A query that is repeated in the background, at intervals and on request. Only one query runs at a
 * time, and at most one per second, regardless of the number of requests. A query always starts
 * after the last request. A failed query is repeated with a backoff of at most a minute, if this
 * was started. Thread-safe.
 *
 * <p>There is at most one timer. It does not prevent garbage collection of the query's owner.
 */
final class Refresher {
  private static final Logger log = LoggerFactory.getLogger(Refresher.class);

  /** The minimum time between two queries. */
  static final Duration MIN_INTERVAL = Duration.ofSeconds(1);

  /** The maximum backoff after failed queries. */
  static final Duration MAX_BACKOFF = Duration.ofMinutes(1);

  private static final int MAX_DOUBLINGS = 6;

  private final Supplier<CompletableFuture<Boolean>> question;
  private final Duration interval;
  private final Scheduler scheduler;

  // Guarded by this.
  private boolean closed;
  private boolean started;
  private @Nullable CompletableFuture<Void> running;
  private @Nullable CompletableFuture<Void> requested;
  private int failures;
  private long earliest;
  private Scheduler.@Nullable Cancellable timer;
  private long timerDue;
  private long timerNumber;

  /**
   * Creates a refresher. It sends no query before {@link #start} or {@link #request}.
   *
   * @param question the query; completes with whether it was answered
   * @param interval the time between two queries that were not requested
   */
  Refresher(Supplier<CompletableFuture<Boolean>> question, Duration interval, Scheduler scheduler) {
    this.question = question;
    this.interval = interval;
    this.scheduler = scheduler;
    this.earliest = scheduler.nanoTime();
  }

  /** Starts to query at intervals. Further calls have no effect. */
  void start() {
    long due = scheduler.nanoTime() + jittered(interval);
    synchronized (this) {
      if (started) {
        return;
      }
      started = true;
    }
    wake(due);
  }

  /**
   * Requests a query that starts after this call.
   *
   * @return completes when the running query has ended, or the requested one if none is running;
   *     never fails
   */
  CompletableFuture<Void> request() {
    CompletableFuture<Void> next;
    long due;
    synchronized (this) {
      if (closed) {
        return CompletableFuture.completedFuture(null);
      }
      if (requested == null) {
        requested = new CompletableFuture<>();
      }
      if (running != null) {
        return running;
      }
      next = requested;
      due = earliest;
    }
    if (due - scheduler.nanoTime() > 0) {
      wake(due);
    } else {
      ask();
    }
    return next;
  }

  /** Returns the running query; null for none. */
  synchronized @Nullable CompletableFuture<Void> running() {
    return running;
  }

  /** Stops the timer. Later requests are ignored. */
  void close() {
    Scheduler.Cancellable cancel;
    CompletableFuture<Void> unasked;
    synchronized (this) {
      closed = true;
      cancel = timer;
      timer = null;
      unasked = requested;
      requested = null;
    }
    if (cancel != null) {
      cancel.cancel();
    }
    if (unasked != null) {
      unasked.complete(null);
    }
  }

  private void ask() {
    var current = new CompletableFuture<Void>();
    CompletableFuture<Void> asker;
    Scheduler.Cancellable cancel;
    synchronized (this) {
      if (closed || running != null) {
        return;
      }
      running = current;
      asker = requested;
      requested = null;
      cancel = timer;
      timer = null;
      timerNumber++;
    }
    if (cancel != null) {
      cancel.cancel();
    }
    answer()
        .whenComplete(
            (answered, failure) -> {
              Long due = ended(Boolean.TRUE.equals(answered));
              current.complete(null);
              if (asker != null) {
                asker.complete(null);
              }
              if (due != null) {
                wake(due);
              }
            });
  }

  private CompletableFuture<Boolean> answer() {
    try {
      return question.get();
    } catch (Throwable e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Returns when the next query is due; null if it must be requested. */
  private synchronized @Nullable Long ended(boolean answered) {
    long now = scheduler.nanoTime();
    failures = answered ? 0 : Math.min(failures + 1, MAX_DOUBLINGS);
    Duration doubled = MIN_INTERVAL.multipliedBy(1L << failures);
    Duration backoff = doubled.compareTo(MAX_BACKOFF) < 0 ? doubled : MAX_BACKOFF;
    earliest = now + jittered(MIN_INTERVAL);
    running = null;
    if (requested != null) {
      return earliest;
    }
    if (!started) {
      return null;
    }
    return now + jittered(answered || interval.compareTo(backoff) < 0 ? interval : backoff);
  }

  /**
   * Returns a duration with up to a fifth added at random, so that processes do not query
   * simultaneously.
   */
  private static long jittered(Duration time) {
    long nanos = time.toNanos();
    return nanos + ThreadLocalRandom.current().nextLong(nanos / 5 + 1);
  }

  /** Schedules a query, unless one is scheduled earlier. */
  private void wake(long due) {
    Scheduler.Cancellable before;
    long number;
    synchronized (this) {
      if (closed || running != null || (timer != null && timerDue - due <= 0)) {
        return;
      }
      before = timer;
      timer = null;
      timerDue = due;
      number = ++timerNumber;
    }
    if (before != null) {
      before.cancel();
    }
    Scheduler.Cancellable next;
    try {
      var self = new WeakReference<>(this);
      next =
          scheduler.schedule(
              Duration.ofNanos(Math.max(0, due - scheduler.nanoTime())), () -> due(self, number));
    } catch (Throwable e) { // thrown by an application's scheduler
      log.warn("refresh not scheduled, the next request triggers it", e);
      return;
    }
    synchronized (this) {
      if (!closed && number == timerNumber) {
        timer = next;
        return;
      }
    }
    next.cancel();
  }

  private static void due(WeakReference<Refresher> refresher, long number) {
    Refresher current = refresher.get();
    if (current != null && current.isDue(number)) {
      current.ask();
    }
  }

  private synchronized boolean isDue(long number) {
    if (closed || number != timerNumber) {
      return false;
    }
    timer = null;
    return true;
  }
}
