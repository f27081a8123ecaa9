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
 * A question that is asked again in the background: now and then, and soon after a request. It is
 * asked by one caller at a time and at most once a second, however many requests there are; the
 * last request is always followed by a question that begins after it. Once started, a question that
 * fails is asked again with growing pauses of at most a minute. Thread-safe.
 *
 * <p>There is one timer at most. It does not keep the owner of the question from being collected.
 */
final class Refresher {
  private static final Logger log = LoggerFactory.getLogger(Refresher.class);

  /** The pause after a question. */
  static final Duration MIN_INTERVAL = Duration.ofSeconds(1);

  /** The longest pause after questions that failed. */
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
   * Creates a refresher that asks nothing before it is started or requested.
   *
   * @param question completes with whether it was answered
   * @param interval the time between two questions that were not requested
   */
  Refresher(Supplier<CompletableFuture<Boolean>> question, Duration interval, Scheduler scheduler) {
    this.question = question;
    this.interval = interval;
    this.scheduler = scheduler;
    this.earliest = scheduler.nanoTime();
  }

  /** Begins to ask now and then. Further calls have no effect. */
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
   * Requests a question that begins after this call.
   *
   * @return completes when the question that runs, or the requested one if none runs, has ended;
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

  /** Returns the question that runs; null if none does. */
  synchronized @Nullable CompletableFuture<Void> running() {
    return running;
  }

  /** Stops the timer. What is requested from now on is not asked. */
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
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Returns when the next question is due; null if it has to be requested. */
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

  /** Returns up to a fifth more than a time, so that processes do not ask together. */
  private static long jittered(Duration time) {
    long nanos = time.toNanos();
    return nanos + ThreadLocalRandom.current().nextLong(nanos / 5 + 1);
  }

  /** Asks at a moment, unless a timer asks before it. */
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
    } catch (RuntimeException | Error e) { // a scheduler of the application
      log.warn("refresh not scheduled: it follows the next request", e);
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
