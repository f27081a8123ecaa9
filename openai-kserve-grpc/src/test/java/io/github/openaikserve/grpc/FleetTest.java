package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.EndpointStatus;
import io.github.openaikserve.testsupport.StrictSubscriber;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One of three real workers ends under load, with the default policies. */
final class FleetTest {
  private static final int STREAMS = 200;
  private static final int CALLS = 10_000;
  private static final int CONCURRENCY = 32;

  private Fleet fleet;
  private BalancedBackend backend;

  /** How a worker ends. */
  enum End {
    /** The connections are reset. */
    KILLED,
    /** The server ends its calls with a status and sends GOAWAY. */
    SHUT_DOWN
  }

  @BeforeEach
  void begin() throws Exception {
    fleet = new Fleet(3);
    backend = GrpcBackend.connect(String.join(",", fleet.targets()));
    Fleet.awaitAll(backend, "w0", "w1", "w2");
  }

  @AfterEach
  void end() throws Exception {
    backend.close();
    fleet.end();
  }

  @ParameterizedTest
  @EnumSource
  void onlyTheStreamsOfAKilledWorkerFail(End how) throws Exception {
    fleet.workers.forEach(worker -> worker.manner = Fleet.Manner.HANGS);
    List<StrictSubscriber<InferResponse>> streams =
        Stream.generate(() -> call(() -> {})).limit(STREAMS).toList();
    Fleet.await(() -> fleet.workers.stream().mapToInt(w -> w.held.size()).sum() == STREAMS);
    fleet.workers.forEach(
        worker -> worker.held.forEach(call -> call.onNext(Servers.chunk("begun"))));
    Fleet.await(() -> streams.stream().allMatch(stream -> stream.items().size() == 1));
    int lost = fleet.worker(0).held.size();
    fleet.workers.forEach(worker -> worker.manner = Fleet.Manner.WORKS);

    stop(fleet.worker(0), how);

    List<StrictSubscriber<InferResponse>> calls =
        Stream.generate(() -> call(() -> {})).limit(STREAMS).toList();
    Fleet.await(() -> calls.stream().allMatch(StrictSubscriber::hasEnded));
    assertThat(calls).allMatch(FleetTest::isAnswered);
    Stream.of(fleet.worker(1), fleet.worker(2))
        .flatMap(worker -> worker.held.stream())
        .forEach(call -> call.onCompleted());
    Fleet.await(() -> streams.stream().allMatch(StrictSubscriber::hasEnded));
    assertThat(lost).isBetween(1, STREAMS - 1);
    assertThat(streams).filteredOn(stream -> stream.failure() != null).hasSize(lost);
    assertThat(streams).filteredOn(FleetTest::isAnswered).hasSize(STREAMS - lost);
    assertNothingIsLeft();
  }

  @ParameterizedTest
  @EnumSource
  void everyCallEndsExactlyOnceWhileAWorkerRestarts(End how) throws Exception {
    List<StrictSubscriber<InferResponse>> calls = new ArrayList<>();
    List<StrictSubscriber<InferResponse>> inFlight = List.of();
    var places = new Semaphore(CONCURRENCY);
    for (int i = 0; i < CALLS; i++) {
      assertThat(places.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
      calls.add(call(places::release));
      if (i == CALLS / 4) {
        inFlight = calls.stream().filter(call -> !call.hasEnded()).toList();
        stop(fleet.worker(0), how);
      } else if (i == CALLS / 2) {
        restart(fleet.worker(0), how);
      }
    }
    assertThat(places.tryAcquire(CONCURRENCY, 20, TimeUnit.SECONDS)).isTrue();

    Fleet.awaitAll(backend, "w0", "w1", "w2");
    assertThat(calls)
        .hasSize(CALLS)
        .allMatch(call -> call.hasEnded() && call.violations().isEmpty());
    assertThat(calls).filteredOn(call -> call.failure() != null).isSubsetOf(inFlight);
    // A call without a response is retried on another worker, unless the server cancelled it.
    assertThat(calls)
        .filteredOn(call -> call.failure() != null)
        .allMatch(call -> call.items().size() == 1 || how == End.SHUT_DOWN);
    assertThat(calls).filteredOn(call -> call.failure() == null).allMatch(FleetTest::isAnswered);
    assertNothingIsLeft();
  }

  /** Returns whether a call has completed, once, after one response. */
  private static boolean isAnswered(StrictSubscriber<InferResponse> call) {
    return call.isCompleted() && call.violations().isEmpty() && call.items().size() == 1;
  }

  private void assertNothingIsLeft() {
    Fleet.await(() -> backend.endpoints().stream().mapToInt(EndpointStatus::inFlight).sum() == 0);
  }

  private static void stop(Fleet.Worker worker, End how) throws Exception {
    if (how == End.KILLED) {
      worker.proxy().disconnect();
    } else {
      worker.shutDown();
    }
  }

  private static void restart(Fleet.Worker worker, End how) throws Exception {
    if (how == End.KILLED) {
      worker.proxy().reconnect();
    } else {
      worker.restart();
    }
  }

  private StrictSubscriber<InferResponse> call(Runnable onEnd) {
    var call = new StrictSubscriber<InferResponse>(Long.MAX_VALUE);
    call.onEnd(onEnd);
    backend.infer(Servers.streamCall()).subscribe(call);
    return call;
  }
}
