package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.testing.ScriptedResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Endpoints that refuse what other endpoints answer, model by model. */
final class EjectionTest {
  private static final String MODEL = "llama";

  private final SimulatedCluster cluster = new SimulatedCluster(3);
  private final BalancedBackend backend =
      cluster.builder().balancing(BalancingPolicy.ROUND_ROBIN).build();
  private int prompts;

  @BeforeEach
  void everyEndpointAnswers() {
    call(6, MODEL);
  }

  /** Calls with different prompts. */
  private List<Probe> call(int count, String model) {
    List<Probe> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(Probe.call(backend, Probe.callOf(model, "prompt " + prompts++)));
    }
    return calls;
  }

  private static boolean isFor(InferCall call, String model) {
    return call.request().modelName().equals(model);
  }

  private static ScriptedResponse refusal(BackendCode code) {
    return ScriptedResponse.of(List.of())
        .thenFails(BackendException.fromServer(code, "engine died"));
  }

  private List<String> ejections() {
    return cluster.events.with("ejected");
  }

  @ParameterizedTest
  @EnumSource(names = {"UNKNOWN", "INTERNAL", "NOT_FOUND", "FAILED_PRECONDITION", "ABORTED"})
  void anEndpointThatRefusesFiveDifferentRequestsIsEjectedWhileOthersAnswer(BackendCode code) {
    cluster.server(0).reports(code, "engine died");

    List<Probe> calls = call(30, MODEL);

    assertThat(calls).filteredOn(call -> !call.isCompleted()).hasSize(5);
    assertThat(ejections()).containsExactly("ejected gpu-0 for llama 10s");
    assertThat(backend.endpoints()).as("nothing but the model").allMatch(EndpointStatus::available);
  }

  @Test
  void emptyAnswersAreRefusals() {
    cluster.server(0).answers(call -> ScriptedResponse.of(List.of()));

    call(30, MODEL);

    assertThat(cluster.server(0).calls()).isEqualTo(2 + 5);
    assertThat(ejections()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"INVALID_ARGUMENT", "OUT_OF_RANGE", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED"})
  void mistakesOfRequestsNeverEject(BackendCode code) {
    cluster.server(0).reports(code, "prompt is too long");

    call(300, MODEL);

    assertThat(ejections()).isEmpty();
  }

  @Test
  void theSameRequestNeverEjects() {
    cluster.server(0).reports(BackendCode.INTERNAL, "cannot tokenize");

    for (int i = 0; i < 300; i++) {
      Probe.call(backend, Probe.callOf(MODEL, "always the same"));
    }

    assertThat(ejections()).isEmpty();
  }

  @Test
  void oneAnswerInBetweenBeginsTheCountAgain() {
    for (int i = 0; i < 20; i++) {
      cluster.server(0).reports(BackendCode.INTERNAL, "cannot tokenize");
      call(4 * 3, MODEL);
      cluster.server(0).answers(call -> SimulatedAnswers.whole());
      call(3, MODEL);
    }

    assertThat(ejections()).isEmpty();
  }

  @Test
  void noEndpointIsEjectedWhenAllRefuse() {
    cluster.servers().forEach(server -> server.reports(BackendCode.INTERNAL, "engine died"));

    call(300, MODEL);

    assertThat(ejections()).isEmpty();
  }

  /** Every endpoint refuses what begins with "bad". */
  private void answerGoodRequests() {
    cluster
        .servers()
        .forEach(
            server ->
                server.answers(
                    call ->
                        call.request().inputs().get(0).texts().get(0).startsWith("bad")
                            ? refusal(BackendCode.INTERNAL)
                            : SimulatedAnswers.whole()));
  }

  private void callWithFourBadRequestsOfFive(int calls, Random random) {
    for (int i = 0; i < calls; i++) {
      String kind = random.nextInt(5) == 0 ? "good " : "bad ";
      Probe.call(backend, Probe.callOf(MODEL, kind + prompts++));
    }
  }

  @Test
  void callersWhoSendBadRequestsEverywhereEjectNothing() {
    answerGoodRequests();

    callWithFourBadRequestsOfFive(5000, new Random(1));

    assertThat(ejections()).isEmpty();
  }

  @Test
  void amongSuchCallersAnEndpointThatHasLostItsEngineIsEjectedALittleLater() {
    answerGoodRequests();
    var random = new Random(1);
    callWithFourBadRequestsOfFive(1000, random);
    cluster.server(0).reports(BackendCode.INTERNAL, "engine died");

    callWithFourBadRequestsOfFive(300, random);

    assertThat(ejections()).containsExactly("ejected gpu-0 for llama 10s");
  }

  @Test
  void aSingleEndpointIsNotEjected() {
    var one = new SimulatedCluster(1);
    BalancedBackend single = one.backend();
    Probe.call(single);
    one.server(0).reports(BackendCode.INTERNAL, "engine died");

    for (int i = 0; i < 50; i++) {
      Probe.call(single, Probe.callOf(MODEL, "prompt " + i));
    }

    assertThat(one.server(0).calls()).isEqualTo(51);
    assertThat(one.events.with("ejected")).isEmpty();
  }

  @Test
  void otherModelsOfTheEndpointAreServedMeanwhile() {
    cluster
        .server(0)
        .answers(
            call -> isFor(call, MODEL) ? refusal(BackendCode.INTERNAL) : SimulatedAnswers.whole());
    call(30, MODEL);
    int before = cluster.server(0).calls();

    List<Probe> others = call(30, "embed");

    assertThat(others).allMatch(call -> call.isCompleted());
    assertThat(cluster.server(0).calls() - before).isEqualTo(10);
  }

  @Test
  void ejectionsDoubleUpToFiveMinutesAndBeginAgainAfterAnAnswer() {
    cluster.server(0).reports(BackendCode.INTERNAL, "engine died");
    for (int i = 0; i < 7; i++) {
      call(30, MODEL);
      cluster.time.advance(Duration.ofSeconds(301));
    }
    assertThat(ejections())
        .extracting(line -> line.replaceAll(".* ", ""))
        .containsExactly("10s", "20s", "40s", "80s", "160s", "300s", "300s");

    cluster.server(0).answers(call -> SimulatedAnswers.whole());
    call(30, MODEL);
    cluster.server(0).reports(BackendCode.INTERNAL, "engine died");
    call(30, MODEL);

    assertThat(ejections()).last().asString().endsWith(" 10s");
  }

  @Test
  void anEjectedEndpointIsUsedAgainWhenItsTimeIsOver() {
    cluster.server(0).reports(BackendCode.INTERNAL, "engine died");
    call(30, MODEL);
    cluster.server(0).answers(call -> SimulatedAnswers.whole());
    int before = cluster.server(0).calls();
    cluster.time.advance(Duration.ofMillis(9_999));
    call(30, MODEL);
    assertThat(cluster.server(0).calls()).isEqualTo(before);

    cluster.time.advance(Duration.ofMillis(1));
    call(30, MODEL);

    assertThat(cluster.server(0).calls() - before).isEqualTo(10);
  }

  @Test
  void aServerThatReportsTheModelUnavailableIsAvoidedForASecondAndStaysReady() {
    cluster.server(0).reports(BackendCode.UNAVAILABLE, "model is loading");
    List<Probe> first = call(3, MODEL);
    int calls = cluster.server(0).calls();
    assertThat(first).as("made again elsewhere").allMatch(call -> call.isCompleted());

    assertThat(call(30, MODEL)).allMatch(call -> call.isCompleted());

    assertThat(cluster.server(0).calls()).isEqualTo(calls);
    assertThat(backend.endpoints()).allMatch(EndpointStatus::available);
    assertThat(backend.ready().toCompletableFuture()).isCompletedWithValue(Optional.of(true));
    assertThat(call(3, "embed")).allMatch(call -> call.isCompleted());
    cluster.time.advance(Duration.ofSeconds(1));
    call(3, MODEL);
    assertThat(cluster.server(0).calls()).isGreaterThan(calls);
    assertThat(cluster.events.with("unhealthy")).isEmpty();
  }

  @Test
  void whereAllReportTheModelUnavailableCallsAreTriedAllTheSame() {
    cluster.servers().forEach(s -> s.reports(BackendCode.UNAVAILABLE, "model is loading"));
    List<Probe> calls = call(30, MODEL);
    cluster.time.advance(Duration.ofSeconds(2));

    assertThat(calls)
        .allSatisfy(
            call ->
                assertThat(call.failure())
                    .hasMessageContaining("model is loading")
                    .isInstanceOfSatisfying(
                        BackendException.class,
                        e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(1))));
    cluster.servers().forEach(s -> s.answers(call -> SimulatedAnswers.whole()));
    assertThat(call(3, MODEL)).allMatch(call -> call.isCompleted());
  }
}
