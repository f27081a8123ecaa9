package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.OverloadedException;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.races.PacedServer;
import io.github.openaikserve.races.Race;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testsupport.StrictSubscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that come, wait, run out of time, end and are cancelled, all at the same time. */
final class LimitRacesTest {
  private static final int PLACES = 2;
  private static final int CALLERS = 5;
  private static final int CALLS = 3;
  private static final int ALL = CALLERS * CALLS;
  private static final int RESPONSES = 3;

  private final Race race = new Race();
  private final ManualScheduler time = new ManualScheduler();

  @AfterEach
  void close() {
    race.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyPermitIsReleasedOnceAndEveryCallEnds(boolean holdUntilDone) {
    Race.rounds(
        random -> {
          PacedServer server = server(random);
          LimitedBackend backend = limited(server, PLACES, 2, holdUntilDone);
          List<Caller> callers = new ArrayList<>();
          for (int i = 0; i < CALLERS; i++) {
            callers.add(new Caller(backend, new Random(random.nextLong())));
          }

          run(random, server, callers);

          assertThat(server.mostOpen()).isBetween(1, PLACES);
          assertNothingIsLeft(server, backend);
          callers.forEach(caller -> assertLawful(caller.subscribers));
        });
  }

  /** With one place: with more, whoever has one may be late in using it. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void callsAreServedInTheirOrderOfArrival(boolean holdUntilDone) {
    Race.rounds(
        random -> {
          PacedServer server = server(random);
          LimitedBackend backend = limited(server, 1, ALL, holdUntilDone);
          List<StrictSubscriber<InferResponse>> subscribers = subscribers(ALL);
          var reading = new Random(random.nextLong());
          var leaving = new Random(random.nextLong());

          run(
              random,
              server,
              List.of(
                  () -> IntStream.range(0, ALL).forEach(i -> call(backend, i, subscribers.get(i))),
                  () -> subscribers.forEach(subscriber -> subscriber.readAll(reading)),
                  () -> leave(subscribers, leaving)));

          assertThat(server.calls()).extracting(call -> days(call.timeout())).isSorted();
          assertThat(server.mostOpen()).isBetween(0, 1);
          assertNothingIsLeft(server, backend);
          assertLawful(subscribers);
        });
  }

  private LimitedBackend limited(PacedServer server, int places, int queue, boolean holdUntilDone) {
    ConcurrencyLimit.Builder limit =
        ConcurrencyLimit.builder().max(places).queue(queue).maxWait(Duration.ofSeconds(2));
    return LimitedBackend.around(
        server, (holdUntilDone ? limit.holdUntilDone() : limit).build(), time);
  }

  private static PacedServer server(Random random) {
    var choices = new Random(random.nextLong());
    return new PacedServer(
        call ->
            new PacedServer.Answer(
                RESPONSES, choices.nextInt(4) == 0 ? BackendCode.INTERNAL : null));
  }

  private static List<StrictSubscriber<InferResponse>> subscribers(int count) {
    return Stream.generate(StrictSubscriber<InferResponse>::new).limit(count).toList();
  }

  private static void call(
      LimitedBackend backend, int days, StrictSubscriber<InferResponse> subscriber) {
    backend.infer(Probe.CALL.withTimeout(Duration.ofDays(1 + days))).subscribe(subscriber);
  }

  private static long days(@Nullable Duration timeout) {
    return Objects.requireNonNull(timeout).toDays();
  }

  private static void leave(List<StrictSubscriber<InferResponse>> subscribers, Random random) {
    for (StrictSubscriber<InferResponse> subscriber : subscribers) {
      while (random.nextBoolean() && !subscriber.hasEnded()) {
        subscriber.cancelNow();
        Race.pause();
      }
    }
  }

  /** Lets the callers loose, while the server answers and time passes. */
  private void run(Random random, PacedServer server, List<? extends Runnable> callers) {
    var going = new AtomicInteger(callers.size());
    List<Runnable> parts = new ArrayList<>();
    for (Runnable caller : callers) {
      parts.add(
          () -> {
            caller.run();
            going.decrementAndGet();
          });
    }
    parts.add(
        () -> {
          while (going.get() > 0 || server.open() > 0) {
            server.step();
            Race.pause();
          }
        });
    parts.add(
        () -> {
          while (going.get() > 0) {
            time.advance(Duration.ofMillis(10));
            Race.pause();
          }
        });
    race.run(random, parts.toArray(Runnable[]::new));
  }

  private void assertNothingIsLeft(PacedServer server, LimitedBackend backend) {
    assertThat(server.open()).as("calls at the server").isZero();
    assertThat(backend.running()).as("places").isZero();
    assertThat(backend.waiting()).as("the queue").isZero();
    assertThat(time.waiting()).as("timers").isZero();
  }

  private static void assertLawful(List<StrictSubscriber<InferResponse>> subscribers) {
    for (StrictSubscriber<InferResponse> subscriber : subscribers) {
      assertThat(subscriber.violations()).isEmpty();
      assertThat(subscriber.hasEnded() || subscriber.isCancelled()).isTrue();
      Throwable failure = subscriber.failure();
      if (failure instanceof BackendException told) {
        assertThat(told.backendCode()).isIn(BackendCode.INTERNAL, BackendCode.DEADLINE_EXCEEDED);
      } else if (failure != null) {
        assertThat(failure).isInstanceOf(OverloadedException.class);
      } else if (!subscriber.isCancelled()) {
        assertThat(subscriber.items()).hasSize(RESPONSES);
      }
    }
  }

  /** Makes some calls, one after the other; reads them or goes away. */
  private static final class Caller implements Runnable {
    private final LimitedBackend backend;
    private final Random random;
    private final List<StrictSubscriber<InferResponse>> subscribers = subscribers(CALLS);

    Caller(LimitedBackend backend, Random random) {
      this.backend = backend;
      this.random = random;
    }

    @Override
    public void run() {
      for (StrictSubscriber<InferResponse> subscriber : subscribers) {
        Duration timeout = random.nextInt(3) == 0 ? Duration.ofSeconds(1) : null;
        backend.infer(Probe.CALL.withTimeout(timeout)).subscribe(subscriber);
        if (random.nextInt(3) == 0) {
          IntStream.range(0, random.nextInt(5)).forEach(i -> Race.pause());
          subscriber.cancelNow();
        } else {
          subscriber.readAll(random);
        }
      }
    }
  }
}
