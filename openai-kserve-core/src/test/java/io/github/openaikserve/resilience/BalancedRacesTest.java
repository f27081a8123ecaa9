package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.races.PacedServer;
import io.github.openaikserve.races.Race;
import io.github.openaikserve.testing.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls that end, fail and are cancelled, health checks, and endpoints that come and go at once.
 */
final class BalancedRacesTest {
  private static final int RESPONSES = 2;
  private static final CircuitBreakerPolicy BREAKER =
      CircuitBreakerPolicy.builder().consecutiveFailures(2).slidingWindow(4).build();
  private static final PacedServer.Answer WELL = new PacedServer.Answer(RESPONSES, null);
  private static final List<PacedServer.Answer> ANSWERS =
      List.of(
          WELL,
          WELL,
          new PacedServer.Answer(0, BackendCode.UNAVAILABLE),
          new PacedServer.Answer(1, BackendCode.INTERNAL),
          new PacedServer.Answer(0, BackendCode.CANCELLED),
          new PacedServer.Answer(0, BackendCode.INVALID_ARGUMENT));

  private final Race race = new Race();

  @AfterEach
  void close() {
    race.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyCallIsCountedOnceAndEndpointsAreUsableAfterwards(boolean endpointsChange) {
    Race.rounds(
        random -> {
          var round = new Round(new Random(random.nextLong()));
          var callers = new RacingCallers(round.backend);
          List<Runnable> parts = new ArrayList<>(callers.parts(random));
          parts.add(callers.meanwhile(round::step));
          parts.add(callers.meanwhile(() -> round.time.advance(Duration.ofMillis(300))));
          if (endpointsChange) {
            var choices = new Random(random.nextLong());
            parts.add(callers.meanwhile(() -> round.change(choices)));
          }

          race.run(random, parts.toArray(Runnable[]::new));

          callers.assertLawful(RESPONSES);
          round.assertNothingIsLeft();
          round.assertUsable();
        });
  }

  /** One backend with its servers. */
  private static final class Round {
    final ManualScheduler time = new ManualScheduler();
    final ManualSource source = new ManualSource();
    final CheckedEvents events = new CheckedEvents();
    final List<Server> servers = new CopyOnWriteArrayList<>();
    final BalancedBackend backend =
        BalancedBackend.builder(source, this::connect)
            .circuitBreaker(BREAKER)
            .listener(events)
            .scheduler(time)
            .build();
    private final Random random;
    private volatile boolean good;

    Round(Random random) {
      this.random = random;
      backend.ready();
      source.report("gpu-0", "gpu-1", "gpu-2");
    }

    private Server connect(Endpoint endpoint) {
      var server = new Server();
      servers.add(server);
      return server;
    }

    void step() {
      servers.forEach(server -> server.paced.step());
    }

    /** Reports another list now and then: listeners have to keep up. */
    void change(Random choices) {
      if (choices.nextInt(20) > 0) {
        return;
      }
      String[] listed =
          IntStream.range(0, 5)
              .filter(i -> choices.nextBoolean())
              .mapToObj(SimulatedCluster::address)
              .toArray(String[]::new);
      source.report(listed);
    }

    void assertNothingIsLeft() {
      assertThat(servers).as("calls at servers").allMatch(server -> server.paced.open() == 0);
      assertThat(backend.endpoints()).extracting(EndpointStatus::inFlight).containsOnly(0);
      assertThat(servers).allMatch(server -> server.closes.get() <= 1);
      assertThat(servers.stream().filter(server -> server.closes.get() == 0))
          .as("what is listed is open, and nothing else")
          .hasSameSizeAs(backend.endpoints());
      assertThat(events.violations).isEmpty();
    }

    void assertUsable() {
      good = true;
      time.advance(Duration.ofMinutes(3));
      assertThat(backend.endpoints()).allMatch(EndpointStatus::available);
      List<Probe> calls = SimulatedCluster.calls(backend, 10);
      for (int i = 0; i <= RESPONSES; i++) {
        step();
      }
      assertThat(calls).allMatch(call -> call.isCompleted());
      backend.close();
      assertThat(time.waiting()).isZero();
      assertThat(servers).allMatch(server -> server.closes.get() == 1);
    }

    /** A server with calls that one thread lets go on, and health checks with any result. */
    private final class Server implements InferenceBackend {
      final PacedServer paced = new PacedServer(call -> answer());
      final AtomicInteger closes = new AtomicInteger();

      private PacedServer.Answer answer() {
        return good ? WELL : ANSWERS.get(random.nextInt(ANSWERS.size()));
      }

      @Override
      public Flow.Publisher<InferResponse> infer(InferCall call) {
        assertThat(closes).as("a call after the end").hasValue(0);
        return paced.infer(call);
      }

      @Override
      public CompletionStage<Optional<Boolean>> ready() {
        return switch (good ? 0 : random.nextInt(4)) {
          case 1 -> CompletableFuture.completedFuture(Optional.of(false));
          case 2 ->
              CompletableFuture.failedFuture(
                  new BackendException(BackendCode.UNAVAILABLE, "connection refused"));
          case 3 -> new CompletableFuture<>();
          default -> CompletableFuture.completedFuture(Optional.of(true));
        };
      }

      @Override
      public void close() {
        closes.incrementAndGet();
      }
    }
  }

  /** Writes down events that contradict the ones before. */
  private static final class CheckedEvents implements EndpointListener {
    final List<String> violations = new CopyOnWriteArrayList<>();
    private final AtomicInteger inside = new AtomicInteger();
    private final Map<String, CircuitState> circuits = new HashMap<>();

    private void check(String event, boolean lawful) {
      boolean alone = inside.getAndIncrement() == 0;
      if (!lawful || !alone) {
        violations.add(event);
      }
      inside.decrementAndGet();
    }

    @Override
    public void added(String endpoint) {
      check("added " + endpoint, circuits.put(endpoint, CircuitState.CLOSED) == null);
    }

    @Override
    public void removed(String endpoint) {
      check("removed " + endpoint, circuits.remove(endpoint) != null);
    }

    @Override
    public void circuitChanged(String endpoint, CircuitState from, CircuitState to, String reason) {
      boolean lawful = from != to && circuits.get(endpoint) == from;
      circuits.put(endpoint, to);
      check("circuit " + endpoint + " from " + from + " to " + to, lawful);
    }

    @Override
    public void healthChanged(String endpoint, boolean healthy, String reason) {
      check("health " + endpoint, circuits.containsKey(endpoint));
    }

    @Override
    public void retried(String endpoint) {
      check("retried " + endpoint, circuits.containsKey(endpoint));
    }
  }
}
