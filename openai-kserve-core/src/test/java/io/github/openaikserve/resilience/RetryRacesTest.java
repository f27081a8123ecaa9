package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.races.PacedServer;
import io.github.openaikserve.races.Race;
import io.github.openaikserve.testing.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attempts that fail, backoffs that end, demand, cancellation and closing at the same time. */
final class RetryRacesTest {
  private static final int RESPONSES = 3;
  private static final List<PacedServer.Answer> ANSWERS =
      List.of(
          new PacedServer.Answer(RESPONSES, null),
          new PacedServer.Answer(0, BackendCode.UNAVAILABLE),
          new PacedServer.Answer(0, BackendCode.UNAVAILABLE),
          new PacedServer.Answer(1, BackendCode.UNAVAILABLE),
          new PacedServer.Answer(0, BackendCode.INTERNAL));

  private final Race race = new Race();
  private final ManualScheduler time = new ManualScheduler();

  @AfterEach
  void close() {
    race.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyCallerGetsOneEndAndNothingIsLeft(boolean closes) {
    Race.rounds(
        random -> {
          var choices = new Random(random.nextLong());
          var server = new PacedServer(call -> ANSWERS.get(choices.nextInt(ANSWERS.size())));
          var backend = RetryBackend.around(server, RetryPolicy.ofDefaults(), time);
          var callers = new RacingCallers(backend);
          List<Runnable> parts = new ArrayList<>(callers.parts(random));
          parts.add(callers.meanwhile(server::step));
          parts.add(callers.meanwhile(() -> time.advance(Duration.ofMillis(20))));
          if (closes) {
            int late = random.nextInt(30);
            parts.add(
                () -> {
                  IntStream.range(0, late).forEach(i -> Race.pause());
                  backend.close();
                });
          }

          race.run(random, parts.toArray(Runnable[]::new));

          assertThat(server.open()).as("calls at the server").isZero();
          assertThat(time.waiting()).as("timers").isZero();
          callers.assertLawful(RESPONSES);
        });
  }
}
