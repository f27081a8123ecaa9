package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.races.PacedServer;
import io.github.openaikserve.races.Race;
import io.github.openaikserve.races.StrictSubscriber;
import io.github.openaikserve.testing.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Failures, answers, probes and cancelling at the same time. */
final class CircuitRacesTest {
  private static final int CALLERS = 4;
  private static final int CALLS = 4;
  private static final Duration OPEN_FOR = Duration.ofSeconds(10);
  private static final CircuitBreaker BREAKER =
      CircuitBreaker.builder().consecutiveFailures(2).window(4).openFor(OPEN_FOR).build();
  private static final PacedServer.Answer WELL = new PacedServer.Answer(2, null);
  private static final PacedServer.Answer BROKEN =
      new PacedServer.Answer(0, BackendCode.UNAVAILABLE);

  private static final List<PacedServer.Answer> ANSWERS =
      List.of(
          WELL,
          BROKEN,
          BROKEN,
          new PacedServer.Answer(1, BackendCode.INTERNAL),
          new PacedServer.Answer(0, BackendCode.CANCELLED),
          new PacedServer.Answer(0, null));

  private final Race race = new Race();
  private final ManualScheduler time = new ManualScheduler();

  @AfterEach
  void close() {
    race.close();
  }

  /** The caller's own faults and cancelling tell nothing of the server, so it stays half open. */
  @Test
  void oneProbeAtATimeAndOneThatTellsNothingLetsAnotherGo() {
    Race.rounds(
        random -> {
          var opening = new AtomicInteger(BREAKER.consecutiveFailures());
          PacedServer.Answer nothing = new PacedServer.Answer(0, BackendCode.INVALID_ARGUMENT);
          var server = new PacedServer(call -> opening.getAndDecrement() > 0 ? BROKEN : nothing);
          CircuitBackend backend = CircuitBackend.around(server, BREAKER, time);
          open(backend, server);
          time.advance(OPEN_FOR);

          List<StrictSubscriber<InferResponse>> subscribers = run(random, backend, server, false);

          assertThat(server.mostOpen()).isEqualTo(1);
          assertLawful(subscribers);
          assertThat(backend.state()).isEqualTo(CircuitState.HALF_OPEN);
          int before = server.calls().size();
          Probe.call(backend);
          assertThat(server.calls()).as("another probe").hasSize(before + 1);
        });
  }

  @Test
  void whateverHappensItIsTriedAgain() {
    Race.rounds(
        random -> {
          var choices = new Random(random.nextLong());
          var mended = new AtomicBoolean();
          var server =
              new PacedServer(
                  call -> mended.get() ? WELL : ANSWERS.get(choices.nextInt(ANSWERS.size())));
          CircuitBackend backend = CircuitBackend.around(server, BREAKER, time);

          assertLawful(run(random, backend, server, true));
          assertThat(server.open()).isZero();

          mended.set(true);
          time.advance(OPEN_FOR);
          Probe probe = Probe.call(backend);
          server.step();
          assertThat(probe.responses).hasSize(1);
          assertThat(backend.state()).isEqualTo(CircuitState.CLOSED);
        });
  }

  private static void open(CircuitBackend backend, PacedServer server) {
    while (backend.state() == CircuitState.CLOSED) {
      Probe.call(backend);
      server.step();
    }
  }

  private List<StrictSubscriber<InferResponse>> run(
      Random random, CircuitBackend backend, PacedServer server, boolean timePasses) {
    var going = new AtomicInteger(CALLERS);
    List<StrictSubscriber<InferResponse>> all = new ArrayList<>();
    List<Runnable> parts = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      List<StrictSubscriber<InferResponse>> own =
          Stream.generate(StrictSubscriber<InferResponse>::new).limit(CALLS).toList();
      all.addAll(own);
      var choices = new Random(random.nextLong());
      parts.add(
          () -> {
            own.forEach(subscriber -> call(backend, subscriber, choices));
            going.decrementAndGet();
          });
    }
    parts.add(
        () -> {
          while (going.get() > 0) {
            server.step();
            if (timePasses) {
              time.advance(OPEN_FOR.dividedBy(20));
            }
            Race.pause();
          }
        });
    race.run(random, parts.toArray(Runnable[]::new));
    return all;
  }

  private static void call(
      CircuitBackend backend, StrictSubscriber<InferResponse> subscriber, Random random) {
    backend.infer(Probe.CALL).subscribe(subscriber);
    if (random.nextBoolean()) {
      IntStream.range(0, random.nextInt(4)).forEach(i -> Race.pause());
      subscriber.cancel();
    } else {
      subscriber.readAll(random);
    }
  }

  private static void assertLawful(List<StrictSubscriber<InferResponse>> subscribers) {
    for (StrictSubscriber<InferResponse> subscriber : subscribers) {
      assertThat(subscriber.violations()).isEmpty();
      assertThat(subscriber.ended() || subscriber.cancelled()).isTrue();
    }
  }
}
