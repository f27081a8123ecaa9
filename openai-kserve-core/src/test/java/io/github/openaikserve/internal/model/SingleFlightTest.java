package io.github.openaikserve.internal.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class SingleFlightTest {
  private final ManualScheduler time = new ManualScheduler();
  private final SingleFlight flight = new SingleFlight(time);
  private final List<Object> outcomes = new ArrayList<>();
  private Duration ttl = Duration.ofSeconds(5);

  private CompletableFuture<Void> run(Supplier<? extends CompletionStage<String>> question) {
    return run(flight, question);
  }

  private CompletableFuture<Void> run(
      SingleFlight flight, Supplier<? extends CompletionStage<String>> question) {
    return flight.run(
        question,
        (answer, failure) -> {
          outcomes.add(failure == null ? answer : failure);
          return ttl;
        });
  }

  private CompletableFuture<Void> run(String answer) {
    return run(() -> CompletableFuture.completedFuture(answer));
  }

  @Test
  void callersShareTheQuestionInFlight() {
    var answer = new CompletableFuture<String>();

    List<CompletableFuture<Void>> callers = List.of(run(() -> answer), run("another question"));
    assertThat(callers).allMatch(caller -> !caller.isDone());
    answer.complete("answer");

    assertThat(callers).allMatch(CompletableFuture::isDone);
    assertThat(outcomes).containsExactly("answer");
  }

  @Test
  void anAnswerIsUsedUntilItsTimeToLiveEnds() {
    run("first");
    time.advance(ttl.minusNanos(1));
    assertThat(run("second")).isCompleted();
    assertThat(outcomes).containsExactly("first");

    time.advance(Duration.ofNanos(1));
    run("third");
    assertThat(outcomes).containsExactly("first", "third");
  }

  @Test
  void aQuestionWithoutAnAnswerFailsAfterTenSecondsAndItsLateAnswerIsIgnored() {
    ttl = SingleFlight.DEFAULT_TTL;
    var late = new CompletableFuture<String>();

    CompletableFuture<Void> caller = run(() -> late);
    time.advance(Duration.ofSeconds(10));
    assertThat(caller).isCompleted();
    time.advance(ttl);
    run("new answer");
    late.complete("late answer");

    assertThat(outcomes).hasSize(2).last().isEqualTo("new answer");
    assertThat(outcomes.get(0))
        .isInstanceOfSatisfying(
            BackendException.class,
            failure -> assertThat(failure).hasMessage("The server did not answer within 10 s."));
    assertThat(time.waiting()).isZero();
  }

  @Test
  void aQuestionThatThrowsOrHasNoStageFails() {
    ttl = Duration.ZERO;

    run(
        () -> {
          throw new AssertionError("broken");
        });
    run(() -> null);

    assertThat(outcomes.get(0)).isInstanceOf(AssertionError.class);
    assertThat(outcomes.get(1)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void aReceiverThatThrowsDoesNotBlockTheNextCaller() {
    CompletableFuture<Void> caller =
        flight.run(
            () -> CompletableFuture.completedFuture("answer"),
            (answer, failure) -> {
              throw new AssertionError("broken");
            });
    assertThat(caller).isCompleted();
    time.advance(SingleFlight.DEFAULT_TTL);

    run("answer");

    assertThat(outcomes).containsExactly("answer");
  }

  @Test
  void aSchedulerThatRejectsItsTaskFailsTheQuestion() {
    Scheduler rejecting =
        new Scheduler() {
          @Override
          public long nanoTime() {
            return 0;
          }

          @Override
          public Cancellable schedule(Duration delay, Runnable task) {
            throw new RejectedExecutionException("shut down");
          }
        };

    assertThat(run(new SingleFlight(rejecting), CompletableFuture::new)).isCompleted();

    assertThat(outcomes.get(0)).isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void extremeTimesToLiveDoNotOverflow() {
    ttl = Duration.ofSeconds(Long.MAX_VALUE);
    run("first");
    time.advance(Duration.ofDays(90_000));
    run("second");
    assertThat(outcomes).as("lives forever").containsExactly("first");

    outcomes.clear();
    ttl = Duration.ofSeconds(Long.MIN_VALUE);
    var other = new SingleFlight(time);
    run(other, () -> CompletableFuture.completedFuture("first"));
    run(other, () -> CompletableFuture.completedFuture("second"));
    assertThat(outcomes).as("already expired").containsExactly("first", "second");
  }

  @Test
  void aClockThatOverflowsDoesNotCauseARefresh() {
    long[] now = {Long.MAX_VALUE - 1};
    Scheduler wrapping =
        new Scheduler() {
          @Override
          public long nanoTime() {
            return now[0];
          }

          @Override
          public Cancellable schedule(Duration delay, Runnable task) {
            return () -> {};
          }
        };
    var other = new SingleFlight(wrapping);
    run(other, () -> CompletableFuture.completedFuture("first"));
    now[0] += 10;
    run(other, () -> CompletableFuture.completedFuture("second"));

    assertThat(outcomes).containsExactly("first");
  }
}
