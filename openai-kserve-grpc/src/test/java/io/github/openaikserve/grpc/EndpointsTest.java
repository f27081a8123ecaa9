package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.openaikserve.backend.ReasonedSubscription;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Three real workers on loopback, of which some are killed, hang, fail, and come back. */
final class EndpointsTest {
  private static final EndpointHealth UNASKED = EndpointHealth.DEFAULT.withProbe(null);
  private static final EndpointHealth QUICK =
      UNASKED.withFailures(2).withPauses(Duration.ofMillis(200), Duration.ofMillis(400));

  @SuppressWarnings("NullAway.Init")
  private Fleet fleet;

  private final List<GrpcBackend> backends = new ArrayList<>();

  @BeforeEach
  void begin() throws Exception {
    fleet = new Fleet(3);
  }

  @AfterEach
  void end() throws Exception {
    backends.forEach(GrpcBackend::close);
    fleet.end();
  }

  @ParameterizedTest
  @EnumSource(
      value = Balancing.class,
      names = {"ROUND_ROBIN", "LEAST_REQUEST"})
  void allTakeTheirShare(Balancing balancing) throws Exception {
    GrpcBackend backend = backend(UNASKED, Retries.DEFAULT, balancing);

    Fleet.awaitAll(backend, "w0", "w1", "w2");
    assertThat(Fleet.answering(backend, 60)).containsExactly("w0", "w1", "w2");
    assertThat(fleet.workers).allSatisfy(w -> assertThat(w.calls.get()).isGreaterThan(8));
  }

  @Test
  void onlyTheFirstIsUsedIfSoChosen() throws Exception {
    GrpcBackend backend = backend(UNASKED, Retries.DEFAULT, Balancing.PICK_FIRST);

    assertThat(Fleet.answering(backend, 20)).hasSize(1);
  }

  @Test
  void callsGoWhereFewestAreInFlight() throws Exception {
    GrpcBackend backend = backend(UNASKED, Retries.DEFAULT, Balancing.LEAST_REQUEST);
    Fleet.awaitAll(backend, "w0", "w1", "w2");
    fleet.worker(0).manner = Fleet.Manner.HANGS;
    while (fleet.worker(0).held.isEmpty()) {
      Recorder busy = Recorder.of(backend.infer(Servers.streamCall()));
      Fleet.await(() -> !fleet.worker(0).held.isEmpty() || busy.first.isDone());
    }
    int before = fleet.worker(0).calls.get();

    assertThat(Fleet.answering(backend, 30)).containsExactly("w1", "w2");
    assertThat(fleet.worker(0).calls).hasValue(before);
  }

  @Test
  void aKilledWorkerCostsOnlyItsOwnCallsAndComesBack() throws Exception {
    GrpcBackend backend = backend(UNASKED, Retries.DEFAULT, Balancing.ROUND_ROBIN);
    Fleet.awaitAll(backend, "w0", "w1", "w2");
    fleet.workers.forEach(worker -> worker.manner = Fleet.Manner.HANGS);
    List<Recorder> inFlight =
        Stream.generate(() -> Recorder.of(backend.infer(Servers.streamCall()))).limit(9).toList();
    Fleet.await(() -> fleet.workers.stream().mapToInt(worker -> worker.held.size()).sum() == 9);
    // Its calls have begun to answer, so they cannot be made elsewhere.
    fleet.workers.forEach(
        worker -> worker.held.forEach(call -> call.onNext(Servers.chunk("begun"))));
    for (Recorder recorder : inFlight) {
      recorder.first.get(20, TimeUnit.SECONDS);
    }
    int lost = fleet.worker(0).held.size();
    assertThat(lost).isPositive();

    fleet.worker(0).cable().cut();
    fleet.workers.forEach(worker -> worker.manner = Fleet.Manner.WORKS);

    assertThat(Fleet.answering(backend, 25)).containsExactly("w1", "w2");
    Stream.of(fleet.worker(1), fleet.worker(2))
        .flatMap(worker -> worker.held.stream())
        .forEach(call -> call.onCompleted());
    assertThat(failures(inFlight)).isEqualTo(lost);
    fleet.worker(0).cable().mend();
    assertThat(backend.ready().toCompletableFuture().get(10, TimeUnit.SECONDS)).contains(true);
    Fleet.awaitAll(backend, "w0");
  }

  @Test
  void callsThatAKilledWorkerHasNotBegunToAnswerAreMadeElsewhere() throws Exception {
    GrpcBackend backend = backend(UNASKED, Retries.DEFAULT, Balancing.ROUND_ROBIN);
    Fleet.awaitAll(backend, "w0", "w1", "w2");
    fleet.worker(0).manner = Fleet.Manner.HANGS;
    List<Recorder> all = new ArrayList<>();
    while (fleet.worker(0).held.size() < 3) {
      int held = fleet.worker(0).held.size();
      Recorder recorder = Recorder.of(backend.infer(Servers.streamCall()));
      Fleet.await(() -> recorder.first.isDone() || fleet.worker(0).held.size() > held);
      all.add(recorder);
    }

    fleet.worker(0).cable().cut();

    for (Recorder recorder : all) {
      assertThat(recorder.texts()).singleElement().isIn("w1", "w2");
    }
  }

  @Test
  void aWorkerThatTakesCallsAndNeverAnswersIsLeftAlone() throws Exception {
    GrpcBackend backend =
        backend(
            QUICK.withPauses(Duration.ofMinutes(1), Duration.ofMinutes(1)),
            Retries.DEFAULT,
            Balancing.ROUND_ROBIN);
    Fleet.awaitAll(backend, "w0", "w1", "w2");
    fleet.worker(0).manner = Fleet.Manner.HANGS;
    int given = 0;
    while (given < 2) {
      Recorder recorder =
          Recorder.of(backend.infer(Servers.streamCall().withTimeout(Duration.ofMillis(300))));
      given += failures(List.of(recorder));
    }
    int before = fleet.worker(0).calls.get();

    assertThat(Fleet.answering(backend, 20)).containsExactly("w1", "w2");
    assertThat(fleet.worker(0).calls).hasValue(before);
  }

  @Test
  void aBlackHoleIsFoundByAskingAndLeftAloneUntilItAnswers() throws Exception {
    GrpcBackend backend =
        backend(
            EndpointHealth.DEFAULT.withProbe(Duration.ofMillis(50)),
            Retries.DEFAULT,
            Balancing.ROUND_ROBIN);
    Fleet.awaitAll(backend, "w0", "w1", "w2");
    fleet.worker(0).cable().swallow(true);

    Fleet.awaitNone(backend, "!"); // calls that went there have timed out, and no more go there
    assertThat(Fleet.answering(backend, 20)).containsExactly("w1", "w2");

    fleet.worker(0).cable().swallow(false);
    Fleet.awaitAll(backend, "w0");
  }

  @ParameterizedTest
  @EnumSource(
      value = Fleet.Manner.class,
      names = {"FAILS", "ERROR_MESSAGE"})
  void aWorkerThatFailsIsLeftAloneButForATrial(Fleet.Manner manner) throws Exception {
    GrpcBackend backend =
        backend(
            QUICK.withPauses(Duration.ofSeconds(2), Duration.ofSeconds(2)),
            Retries.DEFAULT,
            Balancing.ROUND_ROBIN);
    Fleet.awaitAll(backend, "w0", "w1", "w2");
    fleet.worker(1).manner = manner;
    int worked = fleet.worker(1).calls.get();
    Fleet.callUntil(backend, () -> fleet.worker(1).calls.get() >= worked + QUICK.failures());
    Fleet.awaitNone(backend, "!"); // it is known that they failed
    int before = fleet.worker(1).calls.get();

    assertThat(Fleet.answering(backend, 20)).containsExactly("w0", "w2");
    assertThat(fleet.worker(1).calls).hasValue(before);
    Fleet.callUntil(backend, () -> fleet.worker(1).calls.get() > before);
    fleet.worker(1).manner = Fleet.Manner.WORKS;
    Fleet.awaitAll(backend, "w1");
  }

  @Test
  void aWorkerThatSaysItIsNotReadyIsLeftAloneWhileItSaysSo() throws Exception {
    GrpcBackend backend =
        backend(
            EndpointHealth.DEFAULT.withProbe(Duration.ofMillis(20)),
            Retries.DEFAULT,
            Balancing.LEAST_REQUEST);
    Fleet.awaitAll(backend, "w0", "w1", "w2");
    fleet.worker(2).ready = false;
    int asked = fleet.worker(2).questions.get();
    Fleet.await(() -> fleet.worker(2).questions.get() >= asked + 3);

    assertThat(Fleet.answering(backend, 20)).containsExactly("w0", "w1");
    fleet.worker(2).ready = true;
    Fleet.awaitAll(backend, "w2");
  }

  @Test
  void whenAllAreToBeLeftAloneNoneIs() throws Exception {
    GrpcBackend backend =
        backend(
            EndpointHealth.DEFAULT.withProbe(Duration.ofMillis(20)),
            Retries.DEFAULT,
            Balancing.ROUND_ROBIN);
    Fleet.awaitAll(backend, "w0", "w1", "w2");
    for (Fleet.Worker worker : fleet.workers) {
      worker.ready = false;
      int asked = worker.questions.get();
      Fleet.await(() -> worker.questions.get() >= asked + 3);
    }

    assertThat(Fleet.answering(backend, 9)).containsExactly("w0", "w1", "w2");
  }

  @Test
  void callsThatTheirCallersGaveUpBlameNobody() throws Exception {
    GrpcBackend backend = backend(QUICK, Retries.DEFAULT, Balancing.ROUND_ROBIN);
    Fleet.awaitAll(backend, "w0", "w1", "w2");
    fleet.workers.forEach(worker -> worker.manner = Fleet.Manner.HANGS);
    for (int i = 0; i < 12; i++) {
      Recorder.of(backend.infer(Servers.streamCall()))
          .subscription
          .get(10, TimeUnit.SECONDS)
          .cancel();
    }
    fleet.workers.forEach(worker -> worker.manner = Fleet.Manner.WORKS);

    assertThat(Fleet.answering(backend, 9)).containsExactly("w0", "w1", "w2");
  }

  @Test
  void callsThatWereGivenUpOverTheirTimeBlameTheWorker() throws Exception {
    GrpcBackend backend =
        backend(
            QUICK.withPauses(Duration.ofMinutes(1), Duration.ofMinutes(1)),
            Retries.DEFAULT,
            Balancing.ROUND_ROBIN);
    Fleet.awaitAll(backend, "w0", "w1", "w2");
    fleet.worker(0).manner = Fleet.Manner.HANGS;
    while (fleet.worker(0).held.size() < 2) {
      int held = fleet.worker(0).held.size();
      Recorder recorder = Recorder.of(backend.infer(Servers.streamCall()));
      Fleet.await(() -> recorder.first.isDone() || fleet.worker(0).held.size() > held);
      if (!recorder.first.isDone()) {
        ReasonedSubscription.cancel(
            recorder.subscription.get(10, TimeUnit.SECONDS),
            new BackendException(BackendCode.DEADLINE_EXCEEDED, "too slow"));
      }
    }
    int before = fleet.worker(0).calls.get();

    assertThat(Fleet.answering(backend, 20)).containsExactly("w1", "w2");
    assertThat(fleet.worker(0).calls).hasValue(before);
  }

  @Test
  void allAddressesOfANameAreUsed() throws Exception {
    String port = fleet.targets().get(0).substring("127.0.0.1:".length());
    GrpcBackend backend = keep(GrpcBackend.builder().target("dns:///localhost:" + port).build());

    assertThat(Fleet.answering(backend, 3)).containsExactly("w0");
  }

  @Test
  void hostsThatCannotBeResolvedAreLeftOut() throws Exception {
    GrpcBackend one =
        keep(
            GrpcBackend.builder()
                .targets(List.of("no-such-host.invalid:8000", fleet.targets().get(0)))
                .build());
    GrpcBackend none =
        keep(GrpcBackend.builder().targets(List.of("no-such-host.invalid:8000")).build());

    assertThat(Fleet.answering(one, 3)).containsExactly("w0");
    assertThat(Recorder.of(none.infer(Servers.streamCall())).failure())
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.backendCode()).isEqualTo(BackendCode.UNAVAILABLE));
  }

  @Test
  void aPolicyOfGrpcsOwnIsTakenByItsName() throws Exception {
    GrpcBackend backend =
        keep(
            GrpcBackend.builder()
                .targets(fleet.targets())
                .balancing("round_robin", Map.of())
                .build());

    Fleet.awaitAll(backend, "w0", "w1", "w2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GrpcBackend.builder().balancing("no_such_policy", Map.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> GrpcBackend.builder().targets(List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GrpcBackend.builder().targets(List.of("nowhere")));
  }

  private static int failures(List<Recorder> recorders) throws Exception {
    int failed = 0;
    for (Recorder recorder : recorders) {
      try {
        recorder.texts();
      } catch (AssertionError e) {
        failed++;
      }
    }
    return failed;
  }

  private GrpcBackend backend(EndpointHealth health, Retries retries, Balancing balancing) {
    return keep(
        GrpcBackend.builder()
            .targets(fleet.targets())
            .endpointHealth(health)
            .retries(retries)
            .balancing(balancing)
            .build());
  }

  private GrpcBackend keep(GrpcBackend backend) {
    backends.add(backend);
    return backend;
  }
}
