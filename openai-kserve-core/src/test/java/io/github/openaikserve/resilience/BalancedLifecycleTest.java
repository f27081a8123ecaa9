package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Readiness, questions, listeners and the end of a balanced backend. */
final class BalancedLifecycleTest {
  private final SimulatedCluster cluster = new SimulatedCluster(3);

  private static CompletableFuture<Optional<Boolean>> ready(BalancedBackend backend) {
    return backend.ready().toCompletableFuture();
  }

  private void all(SimulatedServer.State state) {
    cluster.servers().forEach(server -> server.is(state));
  }

  @Test
  void twoHundredQuestionsForReadinessCostOneHealthCheck() {
    BalancedBackend backend = cluster.backend();
    assertThat(cluster.server(0).healthChecks()).as("nothing before the first use").isZero();

    for (int i = 0; i < 200; i++) {
      assertThat(ready(backend)).isCompletedWithValue(Optional.of(true));
    }

    assertThat(cluster.servers()).allMatch(server -> server.healthChecks() == 1);
  }

  @Test
  void readinessOfAServerThatDoesNotAnswerCostsOneHealthCheckToo() {
    all(SimulatedServer.State.SILENT);
    BalancedBackend backend = cluster.backend();
    List<CompletableFuture<Optional<Boolean>>> questions =
        IntStream.range(0, 200).mapToObj(i -> ready(backend)).toList();
    assertThat(questions).noneMatch(CompletableFuture::isDone);

    cluster.time.advance(Duration.ofSeconds(2));

    assertThat(questions).allMatch(question -> question.join().equals(Optional.of(false)));
    assertThat(cluster.servers()).allMatch(server -> server.healthChecks() == 1);
  }

  @Test
  void readinessNeedsOneHealthyEndpoint() {
    BalancedBackend backend = cluster.backend();
    ready(backend);
    cluster.server(0).is(SimulatedServer.State.DOWN);
    cluster.server(1).is(SimulatedServer.State.NOT_READY);
    cluster.time.advance(Duration.ofSeconds(7));
    assertThat(ready(backend)).isCompletedWithValue(Optional.of(true));

    cluster.server(2).is(SimulatedServer.State.NOT_READY);
    cluster.time.advance(Duration.ofSeconds(7));
    assertThat(ready(backend)).isCompletedWithValue(Optional.of(false));

    cluster.server(1).is(SimulatedServer.State.UP);
    cluster.time.advance(Duration.ofSeconds(1));
    assertThat(ready(backend)).isCompletedWithValue(Optional.of(true));
  }

  @Test
  void openCircuitBreakersDoNotChangeReadiness() {
    BalancedBackend backend = cluster.backend();
    cluster.servers().forEach(server -> server.reports(BackendCode.CANCELLED, "as a fault"));
    SimulatedCluster.calls(backend, 15);
    assertThat(backend.endpoints()).allMatch(status -> status.circuit() == CircuitState.OPEN);

    assertThat(ready(backend)).isCompletedWithValue(Optional.of(true));
  }

  @Test
  void aMetadataRequestUsesAnotherEndpointWhenOneIsUnreachable() {
    BalancedBackend backend = cluster.backend();
    ready(backend);
    cluster.server(0).is(SimulatedServer.State.DOWN);
    cluster.server(1).is(SimulatedServer.State.DOWN);

    for (int i = 0; i < 6; i++) {
      assertThat(backend.serverMetadata().toCompletableFuture())
          .isCompletedWithValueMatching(Optional::isPresent);
    }
    assertThat(cluster.server(2).questions()).isEqualTo(6);
  }

  @Test
  void aQuestionFailsWhenNoEndpointCanBeReached() {
    BalancedBackend backend = cluster.backend();
    ready(backend);
    all(SimulatedServer.State.DOWN);

    assertThat(backend.serverMetadata().toCompletableFuture())
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingRootCause()
        .withMessage("The model server could not be reached: connection refused.");
    assertThat(cluster.servers()).extracting(SimulatedServer::questions).containsOnly(1);
  }

  @Test
  void listenersThatThrowHaveNoEffect() {
    var calls = new AtomicInteger();
    EndpointListener throwing =
        new EndpointListener() {
          @Override
          public void added(String endpoint) {
            calls.incrementAndGet();
            throw new IllegalStateException("from a listener");
          }

          @Override
          public void healthChanged(String endpoint, boolean healthy, String reason) {
            calls.incrementAndGet();
            throw new LinkageError("from a listener");
          }
        };
    BalancedBackend backend = cluster.builder().listener(throwing).build();
    var later = new RecordedEvents();

    assertThat(SimulatedCluster.calls(backend, 6)).allMatch(call -> call.isCompleted());
    backend.addListener(throwing);
    backend.addListener(later);

    assertThat(calls).hasValue(9);
    assertThat(later.lines()).containsExactly("added gpu-0", "added gpu-1", "added gpu-2");
    assertThat(cluster.events.lines()).hasSize(6);
  }

  @Test
  void aListenerThatUsesTheBackendReceivesEventsInTheirOrder() {
    List<String> seen = new ArrayList<>();
    BalancedBackend backend = cluster.backend();
    backend.addListener(
        new EndpointListener() {
          @Override
          public void added(String endpoint) {
            Probe.call(backend);
            seen.add("added " + endpoint);
          }

          @Override
          public void healthChanged(String endpoint, boolean healthy, String reason) {
            backend.endpoints();
            seen.add("healthy " + endpoint);
          }
        });

    ready(backend);

    assertThat(seen)
        .containsSubsequence("added gpu-0", "healthy gpu-0")
        .containsSubsequence("added gpu-1", "healthy gpu-1")
        .containsSubsequence("added gpu-2", "healthy gpu-2")
        .hasSize(6);
  }

  @Test
  void aSchedulerThatThrowsLeavesNoQuestionWithoutAnswer() {
    BalancedBackend broken =
        cluster.builder(new ManualSource()).scheduler(new BrokenScheduler(cluster.time)).build();

    assertThat(ready(broken)).isCompletedWithValue(Optional.of(false));
    assertThat(broken.serverMetadata().toCompletableFuture()).isCompletedExceptionally();
    assertThat(Probe.call(broken).failure()).hasMessage("the scheduler was shut down");
  }

  /** What goes on when a backend is closed. */
  enum Moment {
    NOTHING,
    A_STREAM,
    A_BACKOFF,
    A_LAST_RESORT,
    A_HEALTH_CHECK
  }

  @ParameterizedTest
  @EnumSource
  void closingLeavesNoTimersAndNoWaitingCalls(Moment moment) {
    var source = new ManualSource();
    BalancedBackend backend = cluster.builder(source).build();
    CompletableFuture<Optional<Boolean>> question = ready(backend);
    List<Probe> calls = new ArrayList<>();
    source.report("gpu-0", "gpu-1", "gpu-2");
    switch (moment) {
      case A_STREAM -> {
        cluster.servers().forEach(s -> s.answers(c -> SimulatedAnswers.firstTokenThenSilence()));
        Probe.call(backend);
      }
      case A_BACKOFF -> {
        all(SimulatedServer.State.DOWN);
        cluster.time.advance(Duration.ofSeconds(7));
        calls.add(Probe.call(backend));
      }
      case A_LAST_RESORT -> {
        all(SimulatedServer.State.DOWN);
        cluster.time.advance(Duration.ofSeconds(7));
        all(SimulatedServer.State.SILENT);
        cluster.time.advance(Duration.ofMillis(900));
        calls.add(Probe.call(backend));
      }
      case A_HEALTH_CHECK -> {
        all(SimulatedServer.State.SILENT);
        cluster.time.advance(Duration.ofSeconds(6));
      }
      case NOTHING -> {}
    }
    assertThat(calls).allMatch(Probe::isSilent);

    backend.close();
    backend.close();

    assertThat(cluster.time.waiting()).isZero();
    assertThat(question).isDone();
    assertThat(calls).allMatch(call -> call.failure() != null);
    assertThat(cluster.servers()).allMatch(server -> server.closes() == 1);
    assertThat(source.closes).hasValue(1);
    assertThat(cluster.events.with("removed")).hasSize(3);
    assertThat(ready(backend)).isCompletedWithValue(Optional.of(false));
    Probe late = Probe.call(backend);
    assertThat(late.failure()).hasMessage("The backend is closed.");
    assertThat(backend.serverMetadata().toCompletableFuture()).isCompletedExceptionally();
    assertThat(cluster.time.waiting()).isZero();
  }

  @Test
  void theEndpointsOfAFixedListAreKnownBeforeTheFirstUse() {
    BalancedBackend backend = cluster.backend();

    assertThat(backend.endpoints())
        .extracting(EndpointStatus::endpoint)
        .containsExactly("gpu-0", "gpu-1", "gpu-2");
    assertThat(cluster.events.with("added")).hasSize(3);
    cluster.time.advance(Duration.ofMinutes(1));
    assertThat(cluster.servers()).allMatch(server -> server.healthChecks() == 0);
  }

  @Test
  void closingABackendThatWasNeverUsedClosesItsEndpoints() {
    BalancedBackend backend = cluster.backend();

    backend.close();

    assertThat(cluster.servers()).allMatch(server -> server.closes() == 1);
    assertThat(cluster.servers()).allMatch(server -> server.healthChecks() == 0);
  }

  @Test
  void anEndpointThatCannotBeConnectedAtFirstIsConnectedOnFirstUse() {
    var attempts = new AtomicInteger();
    BalancedBackend backend =
        BalancedBackend.builder(
                EndpointSource.of("gpu-0"),
                endpoint -> {
                  if (attempts.incrementAndGet() == 1) {
                    throw new IllegalStateException("as planned");
                  }
                  return cluster.server(0);
                })
            .scheduler(cluster.time)
            .build();
    assertThat(backend.endpoints()).isEmpty();

    assertThat(Probe.call(backend).isCompleted()).isTrue();

    assertThat(attempts).hasValue(2);
  }

  @Test
  void aClockThatFailsOnFirstUseDoesNotEndHealthChecks() {
    var failing = new AtomicBoolean(true);
    Scheduler clock =
        new Scheduler() {
          @Override
          public long nanoTime() {
            if (failing.get()) {
              throw new IllegalStateException("as planned");
            }
            return cluster.time.nanoTime();
          }

          @Override
          public Cancellable schedule(Duration delay, Runnable task) {
            return cluster.time.schedule(delay, task);
          }
        };
    BalancedBackend backend = cluster.builder().scheduler(clock).build();
    assertThat(ready(backend)).isCompleted();

    failing.set(false);

    assertThat(ready(backend)).isCompletedWithValue(Optional.of(true));
    cluster.time.advance(Duration.ofMinutes(1));
    assertThat(cluster.servers()).allMatch(server -> server.healthChecks() > 5);
  }

  @Test
  void closingEndsTheWaitForTheFirstReport() {
    var source = new ManualSource();
    BalancedBackend backend = cluster.builder(source).build();
    Probe call = Probe.call(backend);
    CompletableFuture<Optional<Boolean>> question = ready(backend);

    backend.close();

    assertThat(call.failure()).hasMessage("The backend is closed.");
    assertThat(question).isCompletedWithValue(Optional.of(false));
    assertThat(cluster.time.waiting()).isZero();
    source.report("gpu-0");
    assertThat(backend.endpoints()).isEmpty();
    assertThat(cluster.server(0).healthChecks()).isZero();
  }

  @Test
  void anExceptionWhileClosingDoesNotKeepOtherResourcesOpen() {
    var source = new ManualSource();
    List<String> closed = new ArrayList<>();
    BalancedBackend backend =
        cluster
            .builder(source)
            .onClose(
                () -> {
                  throw new IllegalStateException("from a task");
                })
            .onClose(() -> closed.add("task"))
            .build();
    ready(backend);
    source.report("gpu-0", "gpu-1");
    source.thrown = new IllegalStateException("from a source");
    cluster.server(0).throwsWhenClosed();

    backend.close();

    assertThat(closed).containsExactly("task");
    assertThat(cluster.server(1).closes()).isEqualTo(1);
  }
}
