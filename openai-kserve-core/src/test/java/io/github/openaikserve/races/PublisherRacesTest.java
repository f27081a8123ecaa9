package io.github.openaikserve.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.internal.flow.MappingStage;
import io.github.openaikserve.internal.flow.MergeProcessor;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.testsupport.StrictSubscriber;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values, demand, failures and cancelling at the same time, from threads of their own. */
final class PublisherRacesTest {
  private static final int VALUES = 40;

  private final Race race = new Race();

  @AfterEach
  void close() {
    race.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aProcessorThatWasStartedBeforeItsSubscriberCame(boolean cancels) {
    Race.rounds(
        random -> {
          PacedSource source = source(0, VALUES, random);
          var processor = doubling(source);
          var subscriber = new StrictSubscriber<Long>();

          run(
              random,
              cancels,
              subscriber,
              List.of(source),
              processor::start,
              () -> processor.subscribe(subscriber));

          assertLawful(subscriber, List.of(source), LongStream.range(0, VALUES).map(i -> i * 2));
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aProcessorThatIsClosedByAnother(boolean subscribed) {
    Race.rounds(
        random -> {
          PacedSource source = source(0, VALUES, random);
          var processor = doubling(source);
          var subscriber = new StrictSubscriber<Long>();
          if (subscribed) {
            processor.subscribe(subscriber);
          }

          int steps = random.nextInt(10);
          race.run(
              random,
              processor::start,
              () -> IntStream.range(0, steps).forEach(i -> source.step()),
              processor::close);

          assertThat(subscriber.violations()).isEmpty();
          assertThat(source.isOver()).isTrue();
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aProcessorThatIsAbortedInTheMiddle(boolean cancels) {
    Race.rounds(
        random -> {
          PacedSource source = source(0, VALUES, random);
          var processor = doubling(source);
          var subscriber = new StrictSubscriber<Long>();
          var late = new IllegalStateException("too late");
          int pauses = random.nextInt(VALUES);

          run(
              random,
              cancels,
              subscriber,
              List.of(source),
              processor::start,
              () -> processor.subscribe(subscriber),
              () -> {
                IntStream.range(0, pauses).forEach(i -> Race.pause());
                processor.fail(late);
              });

          assertLawful(subscriber, List.of(source), LongStream.range(0, VALUES).map(i -> i * 2));
          assertThat(subscriber.hasEnded() || subscriber.isCancelled()).isTrue();
          if (subscriber.hasEnded() && subscriber.items().size() < VALUES) {
            assertThat(subscriber.failure()).isNotNull();
          }
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aMergeOfThree(boolean cancels) {
    Race.rounds(
        random -> {
          List<PacedSource> sources = new ArrayList<>();
          for (int i = 0; i < 3; i++) {
            sources.add(source(i * 1000L, VALUES, random));
          }
          var subscriber = new StrictSubscriber<Long>();
          var merge = new MergeProcessor<Long, Long>(sources, 2, new MappingStage<>(item -> item));

          run(random, cancels, subscriber, sources, () -> merge.subscribe(subscriber));

          assertThat(subscriber.violations()).isEmpty();
          assertThat(sources).allMatch(PacedSource::isOver);
          if (!cancels && subscriber.failure() == null) {
            assertThat(subscriber.items()).hasSize(3 * VALUES).doesNotHaveDuplicates();
          }
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aReplacementThatComesWhileItIsAskedFor(boolean cancels) {
    Race.rounds(
        random -> {
          var broken = new PacedSource(0, 0, new IllegalStateException("as asked"));
          PacedSource other = source(0, VALUES, random);
          var subscriber = new StrictSubscriber<Long>();
          var processor =
              new MergeProcessor<Long, Long>(
                  List.of(broken), 1, new MappingStage<>(item -> item, failure -> other));

          run(
              random,
              cancels,
              subscriber,
              List.of(broken, other),
              () -> processor.subscribe(subscriber));

          assertLawful(subscriber, List.of(broken, other), LongStream.range(0, VALUES));
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPublisherThatComesWhileItIsAskedFor(boolean cancels) {
    Race.rounds(
        random -> {
          PacedSource source = source(0, VALUES, random);
          var coming = new CompletableFuture<Flow.Publisher<Long>>();
          var subscriber = new StrictSubscriber<Long>();
          var later = Publishers.<Long>fromFuture(() -> coming);

          run(
              random,
              cancels,
              subscriber,
              List.of(source),
              () -> later.subscribe(subscriber),
              () -> coming.complete(source));

          assertLawful(subscriber, List.of(source), LongStream.range(0, VALUES));
        });
  }

  /** What these tests would say of a publisher that minds nothing. */
  @Test
  void aPublisherThatBreaksTheRulesIsFound() {
    var subscriber = new StrictSubscriber<Long>();
    subscriber.onSubscribe(new PacedSource(0, 0, null));

    subscriber.onNext(1L);
    subscriber.onComplete();
    subscriber.onNext(2L);
    subscriber.onComplete();

    assertThat(subscriber.violations())
        .contains("an item that was not requested", "an item after the end")
        .contains("a completion after the end");
  }

  private static PacedSource source(long first, long count, Random random) {
    boolean fails = random.nextInt(8) == 0;
    return new PacedSource(first, count, fails ? new IllegalStateException("as asked") : null);
  }

  /** One thread gives, one reads, one may cancel, and each of the others does what it has to. */
  private void run(
      Random random,
      boolean cancels,
      StrictSubscriber<Long> subscriber,
      List<PacedSource> sources,
      Runnable... others) {
    List<Runnable> parts = new ArrayList<>(Arrays.asList(others));
    parts.add(() -> give(sources, subscriber));
    var reading = new Random(random.nextLong());
    parts.add(() -> subscriber.readAll(reading));
    if (cancels) {
      parts.add(() -> cancel(subscriber));
    }
    race.run(random, parts.toArray(Runnable[]::new));
  }

  private static void cancel(StrictSubscriber<Long> subscriber) {
    while (!subscriber.isCancelled() && !subscriber.hasEnded()) {
      subscriber.cancelNow();
    }
  }

  private static void give(List<PacedSource> sources, StrictSubscriber<Long> subscriber) {
    boolean more = true;
    while (more && !subscriber.hasEnded()) {
      more = false;
      for (PacedSource source : sources) {
        more |= source.step() && !(subscriber.isCancelled() && source.isOver());
      }
      Race.pause();
    }
  }

  private static void assertLawful(
      StrictSubscriber<Long> subscriber, List<PacedSource> sources, LongStream whole) {
    assertThat(subscriber.violations()).isEmpty();
    assertThat(sources).allMatch(PacedSource::isOver);
    List<Long> expected = whole.boxed().toList();
    if (subscriber.hasEnded() && subscriber.failure() == null) {
      assertThat(subscriber.items()).isEqualTo(expected);
    } else {
      assertThat(expected.subList(0, subscriber.items().size())).isEqualTo(subscriber.items());
    }
  }

  private static MergeProcessor<Long, Long> doubling(PacedSource source) {
    return new MergeProcessor<Long, Long>(List.of(source), 1, new MappingStage<>(item -> 2 * item));
  }
}
