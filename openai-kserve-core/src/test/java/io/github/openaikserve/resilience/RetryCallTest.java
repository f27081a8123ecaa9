package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.CauseAwareSubscription;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.testing.ScriptedResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

/** One call and its attempts: demand, cancellation, and what throws. */
final class RetryCallTest {
  private final RetriedServer server = new RetriedServer();
  private final RetryBackend backend = server.retrying();

  @Test
  void aCallThatIsCancelledDuringTheBackoffLeavesNoTimer() {
    server.replies(RetriedServer.UNAVAILABLE);
    Probe call = Probe.call(backend);
    assertThat(server.time.waiting()).isEqualTo(1);

    call.cancel();

    assertThat(server.time.waiting()).isZero();
    server.advance(Duration.ofSeconds(1));
    assertThat(server.calls()).isEqualTo(1);
    assertThat(call.isSilent()).isTrue();
  }

  @Test
  void aCallWithIllegalDemandDuringTheBackoffLeavesNoTimer() {
    server.replies(RetriedServer.UNAVAILABLE);
    Probe call = Probe.call(backend);

    call.request(0);

    assertThat(call.failure()).isInstanceOf(IllegalArgumentException.class);
    assertThat(server.time.waiting()).isZero();
  }

  @Test
  void closingFailsTheCallsThatWaitAndClosesTheBackend() {
    server.replies(RetriedServer.UNAVAILABLE);
    Probe call = Probe.call(backend);

    backend.close();

    assertThat(RetriedServer.failure(call)).hasMessage("The backend is closed.");
    assertThat(server.time.waiting()).isZero();
    assertThat(server.server.isClosed()).isTrue();
    Probe.call(backend);
    assertThat(server.time.waiting()).as("no retry after closing").isZero();
  }

  @Test
  void demandFromBeforeAndDuringTheBackoffIsOwedByTheAttemptThatAnswers() {
    server.replies(
        RetriedServer.UNAVAILABLE,
        ScriptedResponse.of(List.of(Probe.RESPONSE, Probe.RESPONSE, Probe.RESPONSE)));
    var call = new Probe();
    backend.infer(Probe.CALL).subscribe(call);
    call.request(1);
    call.request(1);

    server.advance(Duration.ofSeconds(1));
    assertThat(call.items()).hasSize(2);
    assertThat(call.isCompleted()).isFalse();

    call.request(1);
    assertThat(call.items()).hasSize(3);
    assertThat(call.isCompleted()).isTrue();
  }

  @Test
  void aSchedulerThatThrowsFailsTheCall() {
    RetryBackend unscheduled = server.retrying(new BrokenScheduler(server.time));
    server.replies(RetriedServer.UNAVAILABLE);

    assertThat(Probe.call(unscheduled).failure()).hasMessage("the scheduler was shut down");
  }

  @Test
  void aBackendThatThrowsFailsTheCall() {
    for (Throwable thrown : List.of(new IllegalStateException("a"), new LinkageError("b"))) {
      InferenceBackend throwing =
          call -> {
            throw sneaky(thrown);
          };

      Probe call = Probe.call(RetryBackend.around(throwing, RetryPolicy.ofDefaults(), server.time));

      assertThat(call.failure()).isSameAs(thrown);
    }
  }

  private static RuntimeException sneaky(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return (RuntimeException) thrown;
  }

  @Test
  void theReasonOfACancellationIsPassedOn() {
    var reasons = new ArrayDeque<Throwable>();
    InferenceBackend judging = call -> subscriber -> subscriber.onSubscribe(new Judging(reasons));
    Probe call = Probe.call(RetryBackend.around(judging, RetryPolicy.ofDefaults(), server.time));

    CauseAwareSubscription.cancel(call.subscription(), new DialectException("no such tensor"));

    assertThat(reasons).hasSize(1).allMatch(DialectException.class::isInstance);
  }

  private record Judging(Queue<Throwable> reasons) implements CauseAwareSubscription {
    @Override
    public void request(long n) {}

    @Override
    public void cancel() {}

    @Override
    public void cancel(OpenAiException reason) {
      reasons.add(reason);
    }
  }

  @Test
  void aSecondSubscriberIsRefused() {
    Flow.Publisher<InferResponse> publisher = backend.infer(Probe.CALL);
    publisher.subscribe(new Probe());
    var second = new Probe();

    publisher.subscribe(second);

    assertThat(second.failure()).hasMessage("the call already has a subscriber");
    assertThat(server.calls()).isEqualTo(1);
  }
}
