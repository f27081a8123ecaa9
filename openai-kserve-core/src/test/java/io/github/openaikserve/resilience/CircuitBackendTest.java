package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.openaikserve.backend.ReasonedSubscription;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.FakeReply;
import io.github.openaikserve.testing.ManualScheduler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CircuitBackendTest {
  private static final FakeReply WELL = FakeReply.of(List.of(Probe.RESPONSE));
  private static final FakeReply SILENT = FakeReply.of(List.of()).thenHangs();
  private static final FakeReply EMPTY = FakeReply.of(List.of());

  private final ManualScheduler time = new ManualScheduler();
  private FakeReply reply = failing(BackendCode.UNAVAILABLE);
  private final FakeBackend server = FakeBackend.answering(call -> reply);
  private final CircuitBackend backend =
      circuit(CircuitBreaker.builder().consecutiveFailures(3).window(10));

  private CircuitBackend circuit(CircuitBreaker.Builder breaker) {
    return CircuitBackend.around(server, breaker.openFor(Duration.ofSeconds(10)).build(), time);
  }

  private static FakeReply failing(BackendCode code) {
    return FakeReply.of(List.of()).thenFails(new BackendException(code, "as asked"));
  }

  private void call(int times) {
    for (int i = 0; i < times; i++) {
      Probe.call(backend);
    }
  }

  private Optional<Boolean> ready() {
    return backend.ready().toCompletableFuture().join();
  }

  @ParameterizedTest
  @EnumSource(BackendCode.class)
  void onlyTheServersFailuresCount(BackendCode code) {
    reply = failing(code);

    call(3);

    boolean serversFault =
        switch (code) {
          case UNAVAILABLE, INTERNAL, UNKNOWN, DATA_LOSS, DEADLINE_EXCEEDED -> true;
          default -> false;
        };
    assertThat(backend.state()).isEqualTo(serversFault ? CircuitState.OPEN : CircuitState.CLOSED);
  }

  @Test
  void anOpenCircuitRefusesAtOnceAndSaysWhenToComeBack() {
    call(3);
    time.advance(Duration.ofSeconds(4));

    Probe refused = Probe.call(backend);

    assertThat(server.calls()).hasSize(3);
    assertThat(refused.failure)
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> {
              assertThat(e.status()).isEqualTo(503);
              assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(6));
            });
  }

  @Test
  void aServerThatSaysItIsReadyForEverIsNotBelievedWhileItFails() {
    assertThat(ready()).contains(true);

    call(3);

    assertThat(ready()).contains(false);
    time.advance(Duration.ofSeconds(10));
    assertThat(ready()).contains(true); // or nobody would send the call that finds out
    assertThat(backend.state()).isEqualTo(CircuitState.HALF_OPEN);
  }

  @Test
  void oneCallFindsOutAndClosesTheCircuit() {
    call(3);
    time.advance(Duration.ofSeconds(10));
    reply = WELL;

    Probe probe = Probe.call(backend);

    assertThat(probe.completed).isTrue();
    assertThat(backend.state()).isEqualTo(CircuitState.CLOSED);
    reply = failing(BackendCode.INTERNAL);
    call(2);
    assertThat(backend.state()).isEqualTo(CircuitState.CLOSED); // what was before is forgotten
  }

  @Test
  void aProbeThatWasReplacedDoesNotLetAThirdGoWhenItIsCancelled() {
    call(3);
    time.advance(Duration.ofSeconds(10));
    reply = SILENT;
    Probe overdue = Probe.call(backend);
    time.advance(Duration.ofSeconds(10));
    Probe.call(backend);

    overdue.cancel();

    assertThat(Probe.call(backend).failure).isNotNull();
    assertThat(server.calls()).hasSize(5);
  }

  @Test
  void anOverdueProbeThatFailsSaysNothingForTheOneInItsPlace() {
    call(3);
    time.advance(Duration.ofSeconds(10));
    reply = SILENT;
    Probe overdue = Probe.call(backend);
    time.advance(Duration.ofSeconds(10));
    Probe.call(backend);

    ReasonedSubscription.cancel(
        overdue.subscription(), new BackendException(BackendCode.DEADLINE_EXCEEDED, "silent"));

    assertThat(backend.state()).isEqualTo(CircuitState.HALF_OPEN);
  }

  @Test
  void oneCallFindsOutAndOpensItAgain() {
    call(3);
    time.advance(Duration.ofSeconds(10));

    Probe.call(backend);

    assertThat(backend.state()).isEqualTo(CircuitState.OPEN);
    time.advance(Duration.ofSeconds(9));
    assertThat(backend.state()).isEqualTo(CircuitState.OPEN);
  }

  @Test
  void whileOneCallFindsOutOthersAreRefused() {
    call(3);
    time.advance(Duration.ofSeconds(10));
    reply = SILENT;
    Probe probe = Probe.call(backend);

    Probe other = Probe.call(backend);

    assertThat(other.failure).isInstanceOf(BackendException.class);
    assertThat(server.calls()).hasSize(4);
    probe.cancel(); // that tells nothing, so the next one finds out
    reply = WELL;
    assertThat(Probe.call(backend).completed).isTrue();
    assertThat(backend.state()).isEqualTo(CircuitState.CLOSED);
  }

  @Test
  void oneThatHangsDoesNotKeepOthersFromFindingOut() {
    call(3);
    time.advance(Duration.ofSeconds(10));
    reply = SILENT;
    Probe.call(backend);
    time.advance(Duration.ofSeconds(10));
    reply = WELL;

    Probe.call(backend);

    assertThat(backend.state()).isEqualTo(CircuitState.CLOSED);
  }

  @Test
  void aWellEndedStreamOfNothingIsAFailure() {
    reply = EMPTY;
    call(2);
    reply = FakeReply.of(List.of(InferResponse.of()));

    call(1);

    assertThat(backend.state()).isEqualTo(CircuitState.OPEN);
  }

  @Test
  void aSuccessInBetweenStartsTheCountAgain() {
    call(2);
    reply = WELL;
    call(1);
    reply = failing(BackendCode.UNAVAILABLE);

    call(2);

    assertThat(backend.state()).isEqualTo(CircuitState.CLOSED);
  }

  @Test
  void halfOfTheRecentCallsAreTooMany() {
    for (int i = 0; i < 9; i++) {
      reply = i % 2 == 0 ? failing(BackendCode.INTERNAL) : WELL;
      call(1);
    }
    assertThat(backend.state()).isEqualTo(CircuitState.CLOSED);

    reply = failing(BackendCode.INTERNAL);
    call(1);

    assertThat(backend.state()).isEqualTo(CircuitState.OPEN);
  }

  @Test
  void whatIsLongAgoDoesNotCountForTheRatio() {
    for (int i = 0; i < 9; i++) {
      reply = i % 2 == 0 ? failing(BackendCode.INTERNAL) : WELL;
      call(1);
    }
    time.advance(Duration.ofMinutes(2));

    reply = failing(BackendCode.INTERNAL);
    call(1);

    assertThat(backend.state()).isEqualTo(CircuitState.CLOSED);
  }

  @Test
  void callersWhoLeaveCountForNothing() {
    reply = SILENT;

    for (int i = 0; i < 20; i++) {
      Probe.call(backend).cancel();
    }

    assertThat(backend.state()).isEqualTo(CircuitState.CLOSED);
  }

  @Test
  void callsThatAreCancelledBecauseTimeRanOutCount() {
    reply = SILENT;

    for (int i = 0; i < 3; i++) {
      ReasonedSubscription.cancel(
          Probe.call(backend).subscription(),
          new BackendException(BackendCode.DEADLINE_EXCEEDED, "silent"));
    }

    assertThat(backend.state()).isEqualTo(CircuitState.OPEN);
    assertThat(server.cancellations()).isEqualTo(3);
  }

  @Test
  void theReasonPassesThroughALimit() {
    reply = SILENT;
    LimitedBackend limited = LimitedBackend.around(backend, ConcurrencyLimit.of(10), time);

    for (int i = 0; i < 3; i++) {
      ReasonedSubscription.cancel(
          Probe.call(limited).subscription(),
          new BackendException(BackendCode.DEADLINE_EXCEEDED, "silent"));
    }

    assertThat(backend.state()).isEqualTo(CircuitState.OPEN);
    assertThat(limited.running()).isZero();
  }

  @Test
  void anAnswerThatCannotBeReadIsAFailure() {
    CircuitBackend unreadable =
        CircuitBackend.around(
            call -> Publishers.failed(new DialectException("no tensor")),
            CircuitBreaker.builder().consecutiveFailures(1).build(),
            time);

    Probe.call(unreadable);

    assertThat(unreadable.state()).isEqualTo(CircuitState.OPEN);
  }

  @Test
  void aBreakerThatMakesNoSenseDoesNotExist() {
    assertThatThrownBy(() -> CircuitBreaker.builder().consecutiveFailures(0).build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CircuitBreaker.builder().failureRatio(0).build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CircuitBreaker.builder().window(1).build())
        .isInstanceOf(IllegalArgumentException.class);
  }
}
