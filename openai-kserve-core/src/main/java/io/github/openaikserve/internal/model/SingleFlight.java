package io.github.openaikserve.internal.model;

import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server one question at a time, and not again before a while has passed: who asks meanwhile
 * waits for the same answer, or lives with the last one. Thread-safe.
 */
public final class SingleFlight {
  /** How long an answer is good where nothing else is said. */
  public static final Duration REST = Duration.ofSeconds(1);

  /** An answer, and until when it is good. */
  private record Answered(Instant at, Duration goodFor) {
    /** Also false when the clock was put back. */
    boolean isFresh(Instant now) {
      return !now.isBefore(at) && now.isBefore(at.plus(goodFor));
    }
  }

  private final InstantSource clock;
  private final AtomicReference<@Nullable CompletableFuture<Void>> asking = new AtomicReference<>();
  private volatile @Nullable Answered last;

  /** Creates one that has not asked yet. */
  SingleFlight(InstantSource clock) {
    this.clock = clock;
  }

  /** Creates one that has not asked yet, and that measures time by a scheduler. */
  public SingleFlight(Scheduler scheduler) {
    this(() -> Instant.ofEpochSecond(0, scheduler.nanoTime()));
  }

  /**
   * Done when the question is answered or has failed; never fails.
   *
   * @param question gives how long its answer is good; {@link #REST} where it fails
   */
  public CompletableFuture<Void> ask(Supplier<? extends CompletionStage<Duration>> question) {
    Answered answered = last;
    if (answered != null && answered.isFresh(clock.instant())) {
      return CompletableFuture.completedFuture(null);
    }
    var mine = new CompletableFuture<Void>();
    CompletableFuture<Void> other = asking.compareAndExchange(null, mine);
    if (other != null) {
      return other;
    }
    asked(question)
        .whenComplete(
            (goodFor, failure) -> {
              last = new Answered(clock.instant(), failure == null ? goodFor : REST);
              asking.set(null);
              mine.complete(null);
            });
    return mine;
  }

  private static CompletionStage<Duration> asked(
      Supplier<? extends CompletionStage<Duration>> question) {
    try {
      return question.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
