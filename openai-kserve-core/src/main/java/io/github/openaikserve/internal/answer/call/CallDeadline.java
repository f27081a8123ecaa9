package io.github.openaikserve.internal.answer.call;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.internal.concurrent.CancellationPropagatingFuture;
import io.github.openaikserve.internal.model.Timeouts;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The deadline of one request, counted from its arrival. It covers finding the model, waiting for a
 * permit, connecting and every response. Thread-safe.
 *
 * <p>There is at most one timer. When it fires, it checks the time of the last response and is set
 * again if necessary. So a response only costs a reading of the clock, or nothing if no limit
 * requires it.
 */
public final class CallDeadline {
  private static final long NEVER = Long.MAX_VALUE;
  private static final Duration LONGEST = Duration.ofDays(36_500);

  /** The maximum time that a response body may wait for a reader. */
  private static final Duration UNREAD_LIMIT = Duration.ofSeconds(30);

  /** The calls that the deadline ends. */
  interface Calls {
    /** Returns whether responses are buffered because the reader is slow. */
    boolean hasBacklog();

    /** Returns whether the answer has a reader. */
    boolean isRead();

    /** Ends the calls of an answer without a reader. */
    void abandon();

    /**
     * Ends the calls.
     *
     * @param serverFailed whether the server is at fault. It is not if it was sending responses all
     *     the time, or if the caller's time limit was shorter than the service's
     */
    void expire(Throwable failure, boolean serverFailed);
  }

  private final Scheduler scheduler;
  private final long start;
  private final Calls calls;
  private volatile Timeouts limits = Timeouts.NONE;
  private volatile Timeouts service = Timeouts.NONE;
  private volatile boolean streams;
  private volatile boolean answered;
  private volatile long callStart;
  private volatile long lastResponse;
  private volatile long unreadDue = NEVER;

  // Guarded by this.
  private boolean ended;
  private Scheduler.@Nullable Cancellable timer;
  private long timerDue = NEVER;
  private long timerNumber;

  /** Creates a deadline that starts now. */
  CallDeadline(Scheduler scheduler, Calls calls) {
    this.scheduler = scheduler;
    this.calls = calls;
    this.start = scheduler.nanoTime();
  }

  /** Returns the nanoseconds since the request arrived. */
  long elapsed() {
    return scheduler.nanoTime() - start;
  }

  /**
   * Sets the time limits.
   *
   * @param service the service's own limits. A server is only at fault if it exceeds these, even if
   *     the caller's limits are shorter
   */
  void limit(Timeouts limits, Timeouts service) {
    this.limits = limits;
    this.service = service;
  }

  /** Returns the future, or a future that fails when the whole request exceeds the limit. */
  public <T> CompletableFuture<T> within(CompletableFuture<T> future, @Nullable Duration total) {
    if (total == null || nanos(total) == NEVER || future.isDone()) {
      return future;
    }
    var limited = CancellationPropagatingFuture.<T>of(future);
    Scheduler.Cancellable cancel =
        scheduler.schedule(
            total.minusNanos(elapsed()),
            () -> limited.fail(outOfTime("The model server did not answer in time.")));
    future.whenComplete((value, failure) -> cancel.cancel());
    return limited;
  }

  /** Returns the remaining time for the whole request; null for no limit. */
  @Nullable Duration left() {
    Duration total = limits.total();
    return total == null ? null : total.minusNanos(elapsed());
  }

  /**
   * Starts to watch a call.
   *
   * @param streams whether responses arrive one by one, so that the time to the first response is
   *     limited
   */
  void begin(boolean streams) {
    if (callStart == 0) {
      callStart = elapsed();
    }
    this.streams = streams;
    arm();
  }

  /** Records a response and the time since the request's arrival. */
  void responded(long elapsed) {
    lastResponse = elapsed;
    if (!answered) {
      answered = true;
      if (limits.interToken() != null) {
        arm();
      }
    }
  }

  /** Returns whether the times of responses must be recorded. */
  boolean needsResponses() {
    return limits.interToken() != null || !answered;
  }

  /** Requires that a reader of the answer subscribes within 30 seconds. */
  public void awaitReader() {
    unreadDue = elapsed() + UNREAD_LIMIT.toNanos();
    arm();
  }

  /** Stops the timer. */
  public void end() {
    Scheduler.Cancellable cancel;
    synchronized (this) {
      ended = true;
      cancel = timer;
      timer = null;
    }
    if (cancel != null) {
      cancel.cancel();
    }
  }

  /** Sets the timer to the time at which a limit may be exceeded, unless it fires earlier. */
  private void arm() {
    try {
      schedule();
    } catch (Throwable e) { // thrown by an application's scheduler
      calls.expire(e, false);
    }
  }

  private void schedule() {
    long due = Math.min(Math.min(nanos(limits.total()), silenceDue()), unreadDue);
    Scheduler.Cancellable before;
    long number;
    synchronized (this) {
      if (ended || due >= timerDue) {
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
    Scheduler.Cancellable next =
        scheduler.schedule(Duration.ofNanos(due - elapsed()), () -> look(number));
    synchronized (this) {
      if (!ended && number == timerNumber && timerDue == due) {
        timer = next;
        return;
      }
    }
    next.cancel();
  }

  private long silenceDue() {
    if (!answered) {
      return streams ? nanos(limits.firstToken()) : NEVER;
    }
    long limit = nanos(limits.interToken());
    return limit == NEVER ? NEVER : lastResponse + limit;
  }

  private static long nanos(@Nullable Duration limit) {
    return limit == null || limit.compareTo(LONGEST) > 0 ? NEVER : limit.toNanos();
  }

  private void look(long number) {
    synchronized (this) {
      if (ended || number != timerNumber) {
        return;
      }
      timerDue = NEVER;
      timer = null;
    }
    long now = elapsed();
    if (now >= nanos(limits.total())) {
      long served = now - callStart;
      boolean hadItsTime = served >= Math.min(nanos(service.total()), nanos(service.firstToken()));
      expire("The model server did not finish its answer in time.", !answered && hadItsTime);
      return;
    }
    if (now >= unreadDue) {
      unreadDue = NEVER;
      if (!calls.isRead()) {
        calls.abandon();
        return;
      }
    }
    if (now < silenceDue()) {
      arm();
    } else if (answered && calls.hasBacklog()) {
      lastResponse = now; // the server waits for the reader
      arm();
    } else {
      expireSilent(now);
    }
  }

  private void expireSilent(long now) {
    if (answered) {
      expire(
          "The model server stopped sending in the middle of its answer.",
          now - lastResponse >= nanos(service.interToken()));
    } else {
      expire(
          "The model server did not start its answer in time.",
          now - callStart >= nanos(service.firstToken()));
    }
  }

  private void expire(String message, boolean serverFailed) {
    calls.expire(outOfTime(message), serverFailed);
  }

  static BackendException outOfTime(String message) {
    return new BackendException(BackendCode.DEADLINE_EXCEEDED, message);
  }
}
