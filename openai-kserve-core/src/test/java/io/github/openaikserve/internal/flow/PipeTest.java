package io.github.openaikserve.internal.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PipeTest {
  private final SubmissionPublisher<Integer> upstream =
      new SubmissionPublisher<>(Runnable::run, 1024);

  @Test
  void nothingIsAskedForBeforeItIsStarted() {
    var pipe = new Pipe<>(upstream, new Tens());

    assertThat(upstream.hasSubscribers()).isFalse();
    assertThat(pipe.opened()).isNotDone();
  }

  @Test
  void itOpensWithTheFirstInputAndKeepsItForTheSubscriber() {
    var pipe = new Pipe<>(upstream, new Tens());
    pipe.start();
    assertThat(pipe.opened()).isNotDone();

    upstream.submit(1);

    assertThat(pipe.opened()).isCompleted();
    assertThat(taken(pipe)).containsExactly("10");
  }

  @Test
  void aFailureOfTheFirstInputFailsTheOpening() {
    var pipe = new Pipe<>(upstream, new Tens());
    pipe.start();

    upstream.submit(-1);

    assertThat(pipe.opened())
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(IllegalArgumentException.class);
    assertThat(upstream.hasSubscribers()).isFalse();
    assertThat(taken(pipe)).containsExactly("failed: negative");
  }

  @Test
  void aSubscriberThatThrowsHasGoneAway() {
    List<Flow.Subscriber<? super Integer>> inputs = new ArrayList<>();
    var cancelled = new AtomicBoolean();
    var pipe =
        new Pipe<Integer, String>(
            subscriber -> {
              inputs.add(subscriber);
              subscriber.onSubscribe(new Noted(cancelled));
            },
            new Tens());
    pipe.subscribe(new Throwing());

    assertThatThrownBy(() -> inputs.get(0).onNext(1)).hasMessage("as asked");

    assertThat(cancelled).isTrue();
    assertThat(pipe.ended()).isCancelled();
  }

  private record Noted(AtomicBoolean cancelled) implements Flow.Subscription {
    @Override
    public void request(long n) {}

    @Override
    public void cancel() {
      cancelled.set(true);
    }
  }

  private static final class Throwing implements Flow.Subscriber<String> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(5);
    }

    @Override
    public void onNext(String item) {
      throw new IllegalStateException("as asked");
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }

  @Test
  void aLaterFailureIsTheTranslatorsToTell() {
    var pipe = new Pipe<>(upstream, new Tens());
    pipe.start();
    upstream.submit(1);

    upstream.closeExceptionally(new IllegalStateException("gone"));

    assertThat(taken(pipe)).containsExactly("10", "sorry: gone", "completed");
  }

  @Test
  void aTranslatorThatIsDoneCancelsTheUpstream() {
    var pipe = new Pipe<>(upstream, new Tens());
    pipe.start();

    upstream.submit(1);
    upstream.submit(99);
    upstream.submit(2);

    assertThat(taken(pipe)).containsExactly("10", "990", "end", "completed");
    assertThat(upstream.hasSubscribers()).isFalse();
  }

  @Test
  void aSubscriberThatDoesNotAskStopsTheUpstream() {
    var pipe = new Pipe<>(upstream, new Tens());
    pipe.start();

    for (int i = 0; i < 1000; i++) {
      upstream.submit(i);
    }

    assertThat(upstream.estimateMaximumLag()).isEqualTo(1000 - Pipe.WINDOW);
  }

  @Test
  void closingBeforeItOpensCancels() {
    var pipe = new Pipe<>(upstream, new Tens());
    pipe.start();

    pipe.close();

    assertThat(upstream.hasSubscribers()).isFalse();
    assertThat(pipe.opened())
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .isInstanceOf(CancellationException.class);
  }

  private static List<String> taken(Flow.Publisher<String> publisher) {
    List<String> taken = new ArrayList<>();
    publisher.subscribe(
        new Flow.Subscriber<>() {
          @Override
          public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
          }

          @Override
          public void onNext(String item) {
            taken.add(item);
          }

          @Override
          public void onError(Throwable failure) {
            taken.add("failed: " + failure.getMessage());
          }

          @Override
          public void onComplete() {
            taken.add("completed");
          }
        });
    return taken;
  }

  /** Multiplies by ten, refuses negative numbers, and has had enough at 99. */
  private static final class Tens implements Translator<Integer, String> {
    private boolean done;

    @Override
    public void next(Integer input, Consumer<? super String> output) {
      if (input < 0) {
        throw new IllegalArgumentException("negative");
      }
      done = input == 99;
      output.accept(String.valueOf(10 * input));
    }

    @Override
    public void end(Consumer<? super String> output) {
      output.accept("end");
    }

    @Override
    public @Nullable Throwable fail(Throwable failure, Consumer<? super String> output) {
      output.accept("sorry: " + failure.getMessage());
      return null;
    }

    @Override
    public boolean done() {
      return done;
    }
  }
}
