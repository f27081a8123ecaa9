package io.github.openaikserve.internal.model;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.internal.concurrent.Futures;
import io.github.openaikserve.time.Scheduler;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A query that concurrent callers share, with a time to live for its answer. Callers share a query
 * that is in flight and reuse its answer until it expires. A query that is not answered within
 * {@link #TIMEOUT} fails. Thread-safe.
 */
public final class SingleFlight {
  /** The default time to live of an answer, and the time to live of a failure. */
  public static final Duration DEFAULT_TTL = Duration.ofSeconds(1);

  /** The maximum wait for an answer. */
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  private record Answered(long at, Duration ttl) {
    /**
     * Returns whether the answer is still valid. Does not overflow; false if the clock went
     * backwards.
     */
    boolean isFresh(long now) {
      long age = now - at;
      return age >= 0 && Duration.ofNanos(age).compareTo(ttl) < 0;
    }
  }

  private final Scheduler scheduler;
  private final AtomicReference<@Nullable CompletableFuture<Void>> inFlight =
      new AtomicReference<>();
  private volatile @Nullable Answered last;

  /** Creates a single flight without an answer. */
  public SingleFlight(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /**
   * Sends the query, unless it is in flight or its last answer is still valid.
   *
   * @param question sends the query; an exception counts as a failure
   * @param onAnswer receives the answer or the failure, exactly once, and returns the time to live.
   *     An answer that arrives after {@link #TIMEOUT} is ignored
   * @return completes after {@code onAnswer} has returned; never fails
   */
  public <T> CompletableFuture<Void> run(
      Supplier<? extends CompletionStage<T>> question,
      BiFunction<@Nullable T, @Nullable Throwable, Duration> onAnswer) {
    Answered answered = last;
    if (answered != null && answered.isFresh(scheduler.nanoTime())) {
      return CompletableFuture.completedFuture(null);
    }
    var mine = new CompletableFuture<Void>();
    CompletableFuture<Void> other = inFlight.compareAndExchange(null, mine);
    if (other != null) {
      return other;
    }
    ask(question, TIMEOUT, scheduler)
        .handle(onAnswer)
        .whenComplete(
            (ttl, failure) -> {
              try {
                last = new Answered(scheduler.nanoTime(), failure == null ? ttl : DEFAULT_TTL);
              } finally {
                inFlight.set(null);
                mine.complete(null);
              }
            });
    return mine;
  }

  /** Invalidates the last answer, so that the next {@link #run} sends the query. */
  void expire() {
    last = null;
  }

  /**
   * Sends a query once, without sharing.
   *
   * @return fails if the query throws or fails, or with {@link BackendException} if there is no
   *     answer within the timeout
   */
  static <T> CompletableFuture<T> ask(
      Supplier<? extends CompletionStage<T>> question, Duration timeout, Scheduler scheduler) {
    var answer = new CompletableFuture<T>();
    try {
      question.get().whenComplete((value, failure) -> complete(answer, value, failure));
      if (!answer.isDone()) {
        Scheduler.Cancellable timer =
            scheduler.schedule(timeout, () -> answer.completeExceptionally(unanswered(timeout)));
        answer.whenComplete((value, failure) -> timer.cancel());
      }
    } catch (Throwable e) { // user-supplied backends and schedulers may throw anything
      answer.completeExceptionally(e);
    }
    return answer;
  }

  private static <T> void complete(
      CompletableFuture<T> answer, T value, @Nullable Throwable failure) {
    if (failure == null) {
      answer.complete(value);
    } else {
      answer.completeExceptionally(Futures.cause(failure));
    }
  }

  private static BackendException unanswered(Duration timeout) {
    return new BackendException(
        BackendCode.DEADLINE_EXCEEDED,
        "The server did not answer within %s s."
            .formatted(
                BigDecimal.valueOf(timeout.toMillis(), 3).stripTrailingZeros().toPlainString()));
  }
}
