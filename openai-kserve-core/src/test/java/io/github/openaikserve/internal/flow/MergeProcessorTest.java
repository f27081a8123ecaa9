package io.github.openaikserve.internal.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.openaikserve.testsupport.TestSubscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class MergeProcessorTest {
  private final Source source = new Source();
  private final Journal stage = new Journal();
  private final MergeProcessor<String, String> processor =
      new MergeProcessor<>(List.of(source), 1, stage);
  private TestSubscriber<String> reader = new TestSubscriber<>();

  @Test
  void itSubscribesWhenItIsStarted() {
    assertThat(source.subscriber).isNull();

    processor.start();

    assertThat(source.subscriber).isNotNull();
    assertThat(processor.committed()).isNotDone();
  }

  @Test
  void theFirstItemCommitsAndIsKeptForTheSubscriber() {
    processor.start();

    source.next("a");

    assertThat(processor.committed()).isCompleted();
    processor.subscribe(requesting(1));
    assertThat(reader.items()).containsExactly("0:a");
  }

  @Test
  void aFailureBeforeTheFirstItemFailsTheCommitAndIsNotHandled() {
    processor.start();

    source.fail("gone");

    assertThat(processor.committed()).isCompletedExceptionally();
    processor.subscribe(requesting(1));
    assertThat(reader.failure()).hasMessage("gone");
    assertThat(stage.signals).containsExactly("terminate gone");
  }

  @Test
  void aLaterFailureIsHandledByTheStageAfterTheItems() {
    processor.subscribe(requesting(10));
    source.next("a");

    source.fail("gone");

    assertThat(reader.items()).containsExactly("0:a", "sorry: gone");
    assertThat(reader.isCompleted()).isTrue();
    assertThat(stage.signals).containsExactly("0:a", "terminate gone", "error gone");
  }

  @Test
  void aReaderThatPausesDoesNotDelayTheEndThatAwaitsAFuture() {
    var awaited = new CompletableFuture<Void>();
    stage.completing = awaited;
    processor.subscribe(requesting(1));
    source.next("a");
    source.complete();
    assertThat(stage.signals).containsExactly("0:a");

    awaited.complete(null);

    assertThat(stage.signals).containsExactly("0:a", "terminate complete");
    reader.request(10);
    assertThat(reader.items()).containsExactly("0:a", "0 complete", "complete");
    assertThat(reader.isCompleted()).isTrue();
  }

  @Test
  void aStageThatThrowsCancelsTheSourceAndFailsTheStream() {
    processor.subscribe(requesting(10));

    source.next("throw");

    assertThat(source.cancelled).isTrue();
    assertThat(reader.failure()).hasMessage("as asked");
  }

  @Test
  void aStageThatIsDoneCancelsTheSourceAndCompletes() {
    processor.subscribe(requesting(10));
    source.next("a");

    source.next("last");
    source.next("more");

    assertThat(source.cancelled).isTrue();
    assertThat(reader.items()).containsExactly("0:a", "0:last", "0 complete", "complete");
    assertThat(reader.isCompleted()).isTrue();
  }

  @Test
  void theContinuationOfASourceReplacesIt() {
    var rest = new Source();
    stage.rest = rest;
    processor.subscribe(requesting(10));

    source.next("last");
    source.next("more");
    source.fail("late");
    rest.next("b");
    rest.complete();

    assertThat(source.cancelled).isTrue();
    assertThat(rest.demanded).isPositive();
    assertThat(reader.items()).containsExactly("0:last", "0:b", "0 complete", "complete");
    assertThat(reader.isCompleted()).isTrue();
  }

  @Test
  void theContinuationOfASourceIsCancelledWithTheStream() {
    var rest = new Source();
    stage.rest = rest;
    processor.subscribe(requesting(10));
    source.next("last");

    processor.close();

    assertThat(rest.cancelled).isTrue();
  }

  @Test
  void aSourceThatFailsBeforeItsFirstItemIsReplaced() {
    var other = new Source();
    stage.replacement = failure -> other;
    processor.subscribe(requesting(10));

    source.fail("first");
    source.fail("again");
    other.next("b");
    other.complete();

    assertThat(other.demanded).isPositive();
    assertThat(processor.committed()).isCompleted();
    assertThat(reader.items()).containsExactly("0:b", "0 complete", "complete");
    assertThat(reader.isCompleted()).isTrue();
    assertThat(stage.signals).containsExactly("resume first", "0:b", "terminate complete");
  }

  @Test
  void aSourceThatFailsAfterAnItemIsNotReplaced() {
    stage.replacement = failure -> new Source();
    processor.subscribe(requesting(10));
    source.next("a");

    source.fail("late");

    assertThat(reader.items()).containsExactly("0:a", "sorry: late");
    assertThat(stage.signals).doesNotContain("resume late");
  }

  @Test
  void theReplacementOfASourceIsCancelledWithTheStream() {
    var other = new Source();
    stage.replacement = failure -> other;
    processor.subscribe(requesting(10));
    source.fail("first");

    processor.close();

    assertThat(other.cancelled).isTrue();
  }

  @Test
  void aReaderThatCancelsWhileAReplacementIsChosenSubscribesToNoOther() {
    var other = new Source();
    stage.replacement =
        failure -> {
          reader.cancel();
          return other;
        };
    processor.subscribe(requesting(10));

    source.fail("first");

    assertThat(other.subscriber).isNull();
    assertThat(stage.signals).contains("terminate cancelled");
  }

  @Test
  void aStreamThatFailsFromOutsideReplacesNoSource() {
    var second = new Source();
    var both = new MergeProcessor<>(List.of(source, second), 2, stage);
    stage.replacement = failure -> new Source();
    stage.onItem =
        () -> {
          both.fail(new IllegalStateException("outside"));
          second.fail("first");
        };
    both.subscribe(requesting(10));

    source.next("a");

    assertThat(stage.signals).containsExactly("0:a", "terminate first", "error first");
  }

  @Test
  void aStageThatThrowsInsteadOfReplacingFailsTheStreamWithBothFailures() {
    stage.replacement =
        failure -> {
          throw new IllegalArgumentException("as asked");
        };
    processor.subscribe(requesting(10));

    source.fail("first");

    assertThatThrownBy(() -> processor.committed().join())
        .rootCause()
        .hasMessage("as asked")
        .hasSuppressedException(new IllegalStateException("first"));
  }

  @Test
  void aSourceThatThrowsAfterItsSubscriptionIsCancelledAndNotReplaced() {
    var broken =
        new MergeProcessor<String, String>(
            List.of(
                subscriber -> {
                  source.subscribe(subscriber);
                  throw new IllegalArgumentException("as asked");
                }),
            1,
            stage);
    stage.replacement = failure -> new Source();

    broken.start();

    assertThat(source.cancelled).isTrue();
    assertThatThrownBy(() -> broken.committed().join()).rootCause().hasMessage("as asked");
    assertThat(stage.signals).containsExactly("terminate as asked");
  }

  @Test
  void aReplacementThatThrowsOnSubscriptionFailsTheStream() {
    stage.replacement =
        failure ->
            subscriber -> {
              throw new IllegalArgumentException("as asked");
            };
    processor.subscribe(requesting(10));

    source.fail("first");

    assertThatThrownBy(() -> processor.committed().join()).rootCause().hasMessage("as asked");
  }

  @Test
  void aSubscriberThatThrowsReceivesNothingMore() {
    processor.subscribe(requesting(10).throwOnItem(1));

    assertThatThrownBy(() -> source.next("a")).hasMessageContaining("thrown on item");

    assertThat(source.cancelled).isTrue();
    assertThat(stage.signals).contains("terminate cancelled");
  }

  @Test
  void aSubscriberThatThrowsInOnSubscribeClosesTheStream() {
    processor.start();
    var throwing =
        new TestSubscriber<String>() {
          @Override
          public void onSubscribe(Flow.Subscription subscription) {
            throw new IllegalStateException("as asked");
          }
        };

    assertThatThrownBy(() -> processor.subscribe(throwing)).hasMessage("as asked");

    assertThat(source.cancelled).isTrue();
    assertThat(stage.signals).containsExactly("terminate cancelled");
  }

  @Test
  void aSubscriberThatRequestsNothingStopsTheSource() {
    processor.start();

    assertThat(source.demanded).isEqualTo(MergeProcessor.WINDOW);
    IntStream.range(0, MergeProcessor.WINDOW).forEach(i -> source.next("x"));

    assertThat(source.demanded).isEqualTo(MergeProcessor.WINDOW);
    assertThat(processor.hasBacklog()).isTrue();
    processor.subscribe(requesting(MergeProcessor.WINDOW));
    assertThat(source.demanded).isEqualTo(2 * MergeProcessor.WINDOW);
  }

  @Test
  void closingBeforeTheFirstItemFailsTheCommit() {
    processor.start();

    processor.close();

    assertThat(source.cancelled).isTrue();
    assertThat(processor.committed())
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .isInstanceOf(CancellationException.class);
    assertThat(stage.signals).containsExactly("terminate cancelled");
  }

  @Test
  void aSubscriberOfAClosedStreamReceivesAFailure() {
    processor.start();
    source.next("a");
    processor.close();

    processor.subscribe(requesting(1));

    assertThat(reader.failure()).isInstanceOf(CancellationException.class);
    assertThat(reader.items()).isEmpty();
  }

  /** A reader that stalls must not keep a failure from observers. */
  @Test
  void aFailureFromOutsideIsProcessedWhileTheSubscriberRequestsNothing() {
    processor.subscribe(requesting(1));
    source.next("a");
    source.next("b");
    source.next("c");

    processor.fail(new IllegalStateException("late"));

    assertThat(source.cancelled).isTrue();
    assertThat(stage.signals).containsSequence("0:b", "0:c", "terminate late", "error late");
    assertThat(reader.items()).containsExactly("0:a");
    reader.request(10);
    assertThat(reader.items()).containsExactly("0:a", "0:b", "0:c", "sorry: late");
    assertThat(reader.isCompleted()).isTrue();
  }

  @Test
  void aHeartbeatReachesTheStageOnceTheSubscriberWaits() {
    processor.subscribe(reader);

    processor.heartbeat();
    processor.heartbeat();
    assertThat(stage.signals).isEmpty();
    reader.request(1);

    assertThat(stage.signals).containsExactly("idle");
  }

  @Test
  void aHeartbeatAfterWhichAnItemArrivedIsDropped() {
    processor.subscribe(reader);
    processor.heartbeat();
    source.next("a");

    reader.request(2);

    assertThat(stage.signals).containsExactly("0:a");
  }

  @Test
  void aStageThatIsAwaitedFlushesItsBuffer() {
    stage.holds = true;
    processor.subscribe(requesting(1));

    source.next("a");

    assertThat(reader.items()).containsExactly("0:a");
  }

  @Test
  void blockingOnTheThreadThatDeliversIsRefused() {
    var blocking = new BlockingSubscriber<String>(4);
    var refusal = new AtomicReference<@Nullable Throwable>();
    processor
        .committed()
        .thenRun(
            () -> {
              processor.subscribe(blocking);
              try {
                blocking.next();
                blocking.next();
              } catch (InterruptedException | ExecutionException | RuntimeException e) {
                refusal.set(e);
              }
            });
    processor.start();

    source.next("a");

    assertThat(refusal.get())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("in a continuation");
  }

  @Test
  void sourcesBeyondTheConcurrencyWaitForOthersToComplete() {
    var second = new Source();
    var third = new Source();
    new MergeProcessor<>(List.of(source, second, third), 2, stage).subscribe(requesting(100));
    assertThat(second.subscriber).isNotNull();
    assertThat(third.subscriber).isNull();

    second.complete();

    assertThat(third.subscriber).isNotNull();
    third.next("c");
    third.complete();
    source.next("a");
    assertThat(reader.isCompleted()).isFalse();
    source.complete();
    assertThat(reader.isCompleted()).isTrue();
    assertThat(reader.items())
        .containsExactly("1 complete", "2:c", "2 complete", "0:a", "0 complete", "complete");
  }

  @Test
  void aFailureCancelsTheOtherSources() {
    var second = new Source();
    var never = new Source();
    new MergeProcessor<>(List.of(source, second, never), 2, stage).subscribe(requesting(100));
    source.next("a");

    second.fail("gone");

    assertThat(source.cancelled).isTrue();
    assertThat(never.subscriber).isNull();
    assertThat(reader.items()).containsExactly("0:a", "sorry: gone");
  }

  @Test
  void aSubscriberThatRequestsNothingHoldsUpEverySource() {
    var second = new Source();
    new MergeProcessor<>(List.of(source, second), 2, stage).subscribe(reader);

    IntStream.range(0, MergeProcessor.SHARED_WINDOW).forEach(i -> source.next("x"));

    assertThat(source.demanded).isEqualTo(MergeProcessor.SHARED_WINDOW);
    assertThat(second.demanded).isEqualTo(MergeProcessor.SHARED_WINDOW);
    reader.request(MergeProcessor.SHARED_WINDOW / 2);
    assertThat(source.demanded).isEqualTo(MergeProcessor.SHARED_WINDOW * 3 / 2);
    assertThat(second.demanded).isEqualTo(MergeProcessor.SHARED_WINDOW);
  }

  @Test
  void sourcesThatAreCompleteButUnreadHoldUpTheNext() {
    List<Source> sources = IntStream.range(0, 8).mapToObj(i -> new Source()).toList();
    new MergeProcessor<>(sources, 1, stage).subscribe(reader);

    for (Source each : sources) {
      if (each.subscriber != null) {
        each.next("x");
        each.complete();
      }
    }

    assertThat(sources.stream().filter(each -> each.subscriber != null)).hasSize(1);
  }

  @Test
  void aSourceThatThrowsOnSubscriptionFailsTheStream() {
    Flow.Publisher<String> broken =
        subscriber -> {
          throw new IllegalStateException("as asked");
        };
    var failing = new MergeProcessor<>(List.of(broken), 1, stage);

    failing.start();

    assertThat(failing.committed()).isCompletedExceptionally();
  }

  @Test
  void itemsOfManyThreadsAllArrive() throws Exception {
    List<SubmissionPublisher<String>> publishers =
        IntStream.range(0, 4).mapToObj(i -> new SubmissionPublisher<String>()).toList();
    var blocking = new BlockingSubscriber<String>(64);
    new MergeProcessor<String, String>(publishers, 4, new MappingStage<>(item -> item))
        .subscribe(blocking);

    CompletableFuture<Void> submitting =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 5_000; i++) {
                publishers.forEach(publisher -> publisher.submit("x"));
              }
              publishers.forEach(SubmissionPublisher::close);
            });
    int received = 0;
    while (blocking.next() != null) {
      received++;
    }

    assertThat(received).isEqualTo(20_000);
    assertThat(submitting).succeedsWithin(Duration.ofSeconds(10));
  }

  @Test
  void aConcurrencyBelowOneIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MergeProcessor<>(List.of(source), 0, stage));
  }

  @Test
  void aSecondSubscriberIsRefused() {
    processor.subscribe(reader);
    var second = new TestSubscriber<String>();

    processor.subscribe(second);

    assertThat(second.failure()).hasMessage("the stream already has a subscriber");
  }

  private TestSubscriber<String> requesting(long n) {
    reader = new TestSubscriber<>(n);
    return reader;
  }

  /** Records what reaches it; "throw" makes it throw, "last" makes it done. */
  private static final class Journal implements Stage<String, String> {
    final List<String> signals = new ArrayList<>();
    final List<String> held = new ArrayList<>();
    boolean holds;
    @Nullable CompletableFuture<?> completing;
    @Nullable Source rest;
    Function<Throwable, Flow.@Nullable Publisher<String>> replacement = failure -> null;
    Runnable onItem = () -> {};
    private boolean done;
    private Consumer<? super String> output = item -> {};

    @Override
    public void onStart(Consumer<? super String> output) {
      this.output = output;
    }

    @Override
    public void onNext(int source, String item) {
      signals.add(source + ":" + item);
      onItem.run();
      if (item.equals("throw")) {
        throw new IllegalArgumentException("as asked");
      }
      done = item.equals("last");
      if (holds) {
        held.add(source + ":" + item);
      } else {
        output.accept(source + ":" + item);
      }
    }

    @Override
    public boolean isDone(int source) {
      return done;
    }

    @Override
    public Flow.@Nullable Publisher<String> continuation(int source) {
      Source next = rest;
      rest = null;
      return next;
    }

    @Override
    public Flow.@Nullable Publisher<String> onErrorResume(int source, Throwable failure) {
      Flow.Publisher<String> next = replacement.apply(failure);
      if (next != null) {
        replacement = again -> null;
        signals.add("resume " + failure.getMessage());
      }
      return next;
    }

    @Override
    public void onSourceComplete(int source) {
      output.accept(source + " complete");
    }

    @Override
    public @Nullable CompletableFuture<?> onCompleting() {
      return completing;
    }

    @Override
    public void onComplete() {
      output.accept("complete");
    }

    @Override
    public @Nullable Throwable onError(Throwable failure) {
      signals.add("error " + failure.getMessage());
      if (failure instanceof IllegalArgumentException) {
        return failure;
      }
      output.accept("sorry: " + failure.getMessage());
      return null;
    }

    @Override
    public void flush() {
      held.forEach(output);
      held.clear();
    }

    @Override
    public void onIdle() {
      signals.add("idle");
    }

    @Override
    public void onTerminate(@Nullable Throwable failure, boolean cancelled) {
      String how = failure == null ? "complete" : failure.getMessage();
      signals.add("terminate " + (cancelled ? "cancelled" : how));
    }
  }

  /** A publisher that is driven by the test. */
  private static final class Source implements Flow.Publisher<String>, Flow.Subscription {
    Flow.@Nullable Subscriber<? super String> subscriber;
    long demanded;
    boolean cancelled;

    @Override
    public void subscribe(Flow.Subscriber<? super String> subscriber) {
      this.subscriber = subscriber;
      subscriber.onSubscribe(this);
    }

    @Override
    public void request(long n) {
      demanded += n;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    void next(String item) {
      Objects.requireNonNull(subscriber).onNext(item);
    }

    void fail(String message) {
      Objects.requireNonNull(subscriber).onError(new IllegalStateException(message));
    }

    void complete() {
      Objects.requireNonNull(subscriber).onComplete();
    }
  }
}
