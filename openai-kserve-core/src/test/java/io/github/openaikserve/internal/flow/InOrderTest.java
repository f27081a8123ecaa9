package io.github.openaikserve.internal.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class InOrderTest {
  private final List<Source> sources = IntStream.range(0, 5).mapToObj(i -> new Source()).toList();
  private final InOrder<String> inOrder =
      new InOrder<>(List.copyOf(sources), 2, () -> new IllegalStateException("there was none"));

  @Test
  void valuesComeInTheOrderOfTheirSources() {
    CompletableFuture<List<String>> all = collect(inOrder);

    sources.get(1).give("b");
    sources.get(0).give("a");
    sources.get(2).give("c");
    sources.get(4).give("e");
    sources.get(3).give("d");

    assertThat(all).isCompletedWithValue(List.of("a", "b", "c", "d", "e"));
  }

  @Test
  void noMoreRunAtOnceThanAllowed() {
    collect(inOrder);

    assertThat(running()).containsExactly(0, 1);
    sources.get(1).give("b");
    assertThat(running()).as("the second waits to be passed on").containsExactly(0);
    sources.get(0).give("a");
    assertThat(running()).containsExactly(2, 3);
  }

  @Test
  void nothingRunsBeforeSubscription() {
    assertThat(running()).isEmpty();
  }

  @Test
  void theFirstFailureOfAnyIsTheFailureOfAllAndCancelsTheOthers() {
    CompletableFuture<List<String>> all = collect(inOrder);

    sources.get(1).fail(new IllegalStateException("the second"));

    assertThatThrownBy(all::join).hasRootCauseMessage("the second");
    assertThat(sources.get(0).cancelled).isTrue();
    assertThat(sources.get(2).subscriber).isNull();
  }

  @Test
  void oneThatEndsWithoutAValueIsAFailure() {
    CompletableFuture<List<String>> all = collect(inOrder);

    sources.get(0).complete();

    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(all::join)
        .withMessageContaining("there was none");
  }

  @Test
  void cancellingCancelsWhatRunsAndStartsNothingMore() {
    var collecting = new Collecting(subscription -> subscription.request(Long.MAX_VALUE));
    inOrder.subscribe(collecting);
    sources.get(0).give("a");

    collecting.subscription().cancel();

    assertThat(sources.get(1).cancelled).isTrue();
    assertThat(sources.get(2).cancelled).isTrue();
    assertThat(sources.get(3).subscriber).isNull();
    assertThat(collecting.all).isNotDone();
  }

  @Test
  void aSlowSubscriberHoldsBackNewSources() {
    var collecting = new Collecting(subscription -> {});
    inOrder.subscribe(collecting);

    sources.get(0).give("a");
    sources.get(1).give("b");

    assertThat(sources.get(2).subscriber).isNull();
    collecting.subscription().request(1);
    assertThat(sources.get(2).subscriber).isNotNull();
    assertThat(sources.get(3).subscriber).isNull();
  }

  @Test
  void aSourceThatThrowsIsAFailure() {
    Flow.Publisher<String> throwing =
        subscriber -> {
          throw new IllegalStateException("as planned");
        };

    CompletableFuture<List<String>> all =
        collect(new InOrder<>(List.of(throwing), 1, AssertionError::new));

    assertThatThrownBy(all::join).hasRootCauseMessage("as planned");
  }

  @Test
  void thousandsThatAnswerAtOnceDoNotOverflowTheStack() {
    List<Flow.Publisher<Integer>> many = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      many.add(Publishers.of(List.of(i)));
    }
    var sum = new Pipe<>(new InOrder<>(many, 1, AssertionError::new), new Counting());

    assertThat(Publishers.only(sum)).isCompletedWithValue(100_000);
  }

  @Test
  void valuesFromManyThreadsAreAllThereInOrder() throws Exception {
    List<Flow.Publisher<String>> threads = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      String value = "v" + i;
      expected.add(value);
      threads.add(
          new Later<>(() -> CompletableFuture.supplyAsync(() -> Publishers.of(List.of(value)))));
    }

    assertThat(collect(new InOrder<>(threads, 16, AssertionError::new)).get(30, TimeUnit.SECONDS))
        .isEqualTo(expected);
  }

  @Test
  void atLeastOneMustRun() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new InOrder<String>(List.of(), 0, AssertionError::new));
  }

  private List<Integer> running() {
    return IntStream.range(0, sources.size())
        .filter(i -> sources.get(i).subscriber != null && !sources.get(i).ended)
        .boxed()
        .toList();
  }

  private static CompletableFuture<List<String>> collect(Flow.Publisher<String> publisher) {
    var collecting = new Collecting(subscription -> subscription.request(Long.MAX_VALUE));
    publisher.subscribe(collecting);
    return collecting.all;
  }

  private static final class Counting implements Translator<Integer, Integer> {
    private int count;

    @Override
    public void next(Integer input, Consumer<? super Integer> output) {
      count++;
    }

    @Override
    public void end(Consumer<? super Integer> output) {
      output.accept(count);
    }
  }

  /** Signals what it is told to. */
  private static final class Source implements Flow.Publisher<String>, Flow.Subscription {
    private Flow.@Nullable Subscriber<? super String> subscriber;
    private boolean cancelled;
    private boolean ended;

    @Override
    public void subscribe(Flow.Subscriber<? super String> subscriber) {
      this.subscriber = subscriber;
      subscriber.onSubscribe(this);
    }

    void give(String value) {
      subscriber().onNext(value);
      complete();
    }

    private Flow.Subscriber<? super String> subscriber() {
      return Objects.requireNonNull(subscriber);
    }

    void complete() {
      ended = true;
      subscriber().onComplete();
    }

    void fail(Throwable failure) {
      ended = true;
      subscriber().onError(failure);
    }

    @Override
    public void request(long n) {}

    @Override
    public void cancel() {
      cancelled = true;
    }
  }

  /** Collects everything. */
  private static final class Collecting implements Flow.Subscriber<String> {
    private final CompletableFuture<List<String>> all = new CompletableFuture<>();
    private final List<String> values = new ArrayList<>();
    private final Consumer<Flow.Subscription> onSubscribe;
    private Flow.@Nullable Subscription subscription;

    Collecting(Consumer<Flow.Subscription> onSubscribe) {
      this.onSubscribe = onSubscribe;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      onSubscribe.accept(subscription);
    }

    Flow.Subscription subscription() {
      return Objects.requireNonNull(subscription);
    }

    @Override
    public void onNext(String value) {
      values.add(value);
    }

    @Override
    public void onError(Throwable failure) {
      all.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      all.complete(values);
    }
  }
}
