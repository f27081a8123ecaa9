package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.CauseAwareSubscription;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.testing.ScriptedResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/**
 * Callers who do everything that callers can do, next to callers who behave well, over healthy
 * endpoints: the second kind does not notice the first.
 */
final class AdversarialCallersProperties {
  private static final Duration SHORT = Duration.ofMillis(50);

  /** What one caller does. */
  private enum Caller {
    WELL_BEHAVED,
    TOO_LONG,
    TOO_LONG_ON_A_STREAM,
    TOO_LONG_FOR_THE_ENGINE,
    UNKNOWN_MODEL,
    BAD_CREDENTIALS,
    MODEL_UNAVAILABLE,
    EMPTY_ANSWER,
    SHORT_TIME_LIMIT,
    LEAVES_BEFORE_THE_ANSWER,
    LEAVES_DURING_THE_ANSWER,
    STAYS,
    DEMANDS_NOTHING,
    WRONG_TENSORS,
    WRONG_TENSORS_AT_THE_END;

    /** The server recognizes each caller by the prompt, which is another one each time. */
    private InferCall call(Step step, int number) {
      InferCall call = Probe.callOf(step.model(), name() + " " + number);
      InferCall keyed = step.keyed() ? call.withAffinityKey("one key") : call;
      return this == SHORT_TIME_LIMIT ? keyed.withTimeout(SHORT) : keyed;
    }

    private static ScriptedResponse answer(InferCall call) {
      String prompt = call.request().inputs().get(0).texts().get(0);
      return valueOf(prompt.substring(0, prompt.indexOf(' '))).reply();
    }

    private ScriptedResponse reply() {
      return switch (this) {
        case WELL_BEHAVED, WRONG_TENSORS_AT_THE_END -> SimulatedAnswers.whole();
        case TOO_LONG -> reports(BackendCode.INVALID_ARGUMENT);
        case TOO_LONG_ON_A_STREAM -> reports(BackendCode.UNKNOWN);
        case TOO_LONG_FOR_THE_ENGINE -> reports(BackendCode.INTERNAL);
        case UNKNOWN_MODEL -> reports(BackendCode.NOT_FOUND);
        case BAD_CREDENTIALS -> reports(BackendCode.UNAUTHENTICATED);
        case MODEL_UNAVAILABLE -> reports(BackendCode.UNAVAILABLE);
        case EMPTY_ANSWER -> ScriptedResponse.of(List.of());
        case SHORT_TIME_LIMIT, LEAVES_BEFORE_THE_ANSWER, DEMANDS_NOTHING ->
            ScriptedResponse.of(List.of()).thenHangs();
        case LEAVES_DURING_THE_ANSWER, STAYS, WRONG_TENSORS ->
            SimulatedAnswers.firstTokenThenSilence();
      };
    }

    private static ScriptedResponse reports(BackendCode code) {
      return ScriptedResponse.of(List.of())
          .thenFails(BackendException.fromServer(code, "prompt is too long"));
    }

    private boolean blamesTheServer() {
      return this == WRONG_TENSORS || this == WRONG_TENSORS_AT_THE_END;
    }
  }

  /**
   * Calls of one kind, one after the other.
   *
   * @param millis how much time passes after them
   */
  private record Step(Caller caller, String model, boolean keyed, int calls, int millis) {}

  @Property(tries = 400)
  void ordinaryClientsAreUnaffected(
      @ForAll("steps") List<Step> steps, @ForAll @IntRange(min = 1, max = 5) int endpoints) {
    var run = new Run(endpoints);

    steps.forEach(run::step);

    run.end();
    if (steps.stream().noneMatch(step -> step.caller().blamesTheServer())) {
      assertThat(run.cluster.events.with("circuit")).isEmpty();
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Caller> callers =
        Arbitraries.frequencyOf(
            Tuple.of(1, Arbitraries.just(Caller.WELL_BEHAVED)),
            Tuple.of(2, Arbitraries.of(Caller.class)));
    return Combinators.combine(
            callers,
            Arbitraries.of("model", "model", "another"),
            Arbitraries.of(true, false),
            Arbitraries.integers().between(1, 12),
            Arbitraries.integers().between(0, 4000))
        .as(Step::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(60);
  }

  /** One mixture of callers. */
  private static final class Run {
    private final SimulatedCluster cluster;
    private final BalancedBackend backend;
    private final List<Probe> open = new ArrayList<>();
    private int number;

    Run(int endpoints) {
      cluster = new SimulatedCluster(endpoints);
      cluster.servers().forEach(server -> server.answers(Caller::answer));
      backend = cluster.backend();
    }

    void step(Step step) {
      for (int i = 0; i < step.calls(); i++) {
        InferCall call = step.caller().call(step, number++);
        react(step.caller(), Probe.call(backend, call));
        mustBeReady();
      }
      mustHaveSucceeded(Probe.call(backend, Caller.WELL_BEHAVED.call(step, number++)));
      cluster.time.advance(Duration.ofMillis(step.millis()));
    }

    private void react(Caller caller, Probe call) {
      switch (caller) {
        case WELL_BEHAVED -> mustHaveSucceeded(call);
        case SHORT_TIME_LIMIT -> {
          cluster.time.advance(SHORT);
          call.cancel(); // as the owner of a call with a time limit does
        }
        case LEAVES_BEFORE_THE_ANSWER, LEAVES_DURING_THE_ANSWER -> call.cancel();
        case STAYS -> open.add(call);
        case DEMANDS_NOTHING -> call.request(0);
        case WRONG_TENSORS, WRONG_TENSORS_AT_THE_END ->
            CauseAwareSubscription.cancel(
                call.subscription(), new DialectException("no such tensor"));
        default -> {}
      }
    }

    /** At once: no time has passed since the call was made. */
    void mustHaveSucceeded(Probe call) {
      assertThat(call.failure()).isNull();
      assertThat(call.isCompleted()).isTrue();
      assertThat(call.items()).hasSize(1);
    }

    private void mustBeReady() {
      assertThat(backend.ready().toCompletableFuture()).isCompletedWithValue(Optional.of(true));
    }

    void end() {
      open.forEach(Probe::cancel);
      assertThat(backend.endpoints()).extracting(EndpointStatus::inFlight).containsOnly(0);
      assertThat(cluster.events.with("unhealthy")).isEmpty();
      backend.close();
      assertThat(cluster.time.waiting()).isZero();
    }
  }
}
