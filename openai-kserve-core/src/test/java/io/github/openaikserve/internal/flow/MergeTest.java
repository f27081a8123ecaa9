package io.github.openaikserve.internal.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class MergeTest {
  @Test
  void onlySoManyGoOnAtATime() {
    var first = new Source();
    var second = new Source();
    var third = new Source();
    var reader = new Reader(Long.MAX_VALUE);

    new Merge<>(List.of(first, second, third), 2).subscribe(reader);

    assertThat(first.subscriber).isNotNull();
    assertThat(second.subscriber).isNotNull();
    assertThat(third.subscriber).isNull();

    second.subscriber().onComplete();

    assertThat(third.subscriber).isNotNull();
    assertThat(reader.completed).isFalse();

    third.subscriber().onComplete();
    first.subscriber().onComplete();

    assertThat(reader.completed).isTrue();
  }

  @Test
  void aFailureCancelsTheOthersAndComesAfterWhatHadCome() {
    var first = new Source();
    var second = new Source();
    var never = new Source();
    var reader = new Reader(1);
    new Merge<>(List.of(first, second, never), 2).subscribe(reader);
    first.subscriber().onNext("a");
    first.subscriber().onNext("b");

    second.subscriber().onError(new IllegalStateException("worker died"));

    assertThat(first.cancelled).isTrue();
    assertThat(never.subscriber).isNull();
    assertThat(reader.values).containsExactly("a");
    assertThat(reader.failure).isNull();

    reader.subscription().request(1);

    assertThat(reader.values).containsExactly("a", "b");
    assertThat(reader.failure).hasMessage("worker died");
  }

  @Test
  void cancellingCancelsAllAndBeginsNoMore() {
    var first = new Source();
    var second = new Source();
    var reader = new Reader(1);
    new Merge<>(List.of(first, second), 1).subscribe(reader);

    reader.subscription().cancel();
    first.subscriber().onComplete();

    assertThat(first.cancelled).isTrue();
    assertThat(second.subscriber).isNull();
    assertThat(reader.completed).isFalse();
  }

  @Test
  void aReaderThatDoesNotAskHoldsUpEveryPublisher() {
    var first = new Source();
    var second = new Source();
    var reader = new Reader(0);

    new Merge<>(List.of(first, second), 2).subscribe(reader);

    assertThat(first.demanded).isEqualTo(Merge.WINDOW);
    assertThat(second.demanded).isEqualTo(Merge.WINDOW);

    IntStream.range(0, Merge.WINDOW).forEach(i -> first.subscriber().onNext("x"));

    assertThat(first.demanded).isEqualTo(Merge.WINDOW);

    reader.subscription().request(Merge.WINDOW / 2);

    assertThat(first.demanded).isEqualTo(Merge.WINDOW + Merge.WINDOW / 2);
    assertThat(second.demanded).isEqualTo(Merge.WINDOW);
  }

  @Test
  void publishersThatAreDoneButNotReadHoldUpTheNext() {
    List<Source> sources = IntStream.range(0, 8).mapToObj(i -> new Source()).toList();
    var reader = new Reader(0);
    new Merge<>(sources, 1).subscribe(reader);

    for (Source source : sources) {
      if (source.subscriber != null) {
        IntStream.range(0, Merge.WINDOW).forEach(i -> source.subscriber().onNext("x"));
        source.subscriber().onComplete();
      }
    }

    assertThat(sources.stream().filter(source -> source.subscriber != null)).hasSize(1);
  }

  @Test
  void valuesFromManyThreadsAllArrive() throws Exception {
    List<SubmissionPublisher<Integer>> publishers =
        IntStream.range(0, 4).mapToObj(i -> new SubmissionPublisher<Integer>()).toList();
    var future = new CompletableFuture<Integer>();
    new Merge<>(publishers, 4)
        .subscribe(
            new Flow.Subscriber<>() {
              private int count;

              @Override
              public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
              }

              @Override
              public void onNext(Integer item) {
                count++;
              }

              @Override
              public void onError(Throwable failure) {
                future.completeExceptionally(failure);
              }

              @Override
              public void onComplete() {
                future.complete(count);
              }
            });

    for (int i = 0; i < 5_000; i++) {
      for (SubmissionPublisher<Integer> publisher : publishers) {
        publisher.submit(i);
      }
    }
    publishers.forEach(SubmissionPublisher::close);

    assertThat(future.get()).isEqualTo(20_000);
  }

  @Test
  void atLeastOneHasToGoOn() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Merge<>(List.of(), 0));
  }

  /** A publisher that is driven by the test. */
  private static final class Source implements Flow.Publisher<String> {
    Flow.@Nullable Subscriber<? super String> subscriber;
    long demanded;
    boolean cancelled;

    @Override
    public void subscribe(Flow.Subscriber<? super String> subscriber) {
      this.subscriber = subscriber;
      subscriber.onSubscribe(
          new Flow.Subscription() {
            @Override
            public void request(long n) {
              demanded += n;
            }

            @Override
            public void cancel() {
              cancelled = true;
            }
          });
    }

    Flow.Subscriber<? super String> subscriber() {
      return Objects.requireNonNull(subscriber);
    }
  }

  private static final class Reader implements Flow.Subscriber<String> {
    final List<String> values = new ArrayList<>();
    final long demand;
    Flow.@Nullable Subscription subscription;
    @Nullable Throwable failure;
    boolean completed;

    Reader(long demand) {
      this.demand = demand;
    }

    Flow.Subscription subscription() {
      return Objects.requireNonNull(subscription);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      if (demand > 0) {
        subscription.request(demand);
      }
    }

    @Override
    public void onNext(String item) {
      values.add(item);
    }

    @Override
    public void onError(Throwable failure) {
      this.failure = failure;
    }

    @Override
    public void onComplete() {
      completed = true;
    }
  }
}
