package io.github.openaikserve.internal.answer.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.observation.CallFailure;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallKind;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.observation.CallObserver;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What observers receive when events of one call overlap. */
final class CallTelemetryTest {
  private static final CallInfo CALL = CallInfo.builder("r", "m", CallKind.CHAT).build();

  private final List<String> received = new ArrayList<>();

  private CallTelemetry telemetry(CallListener... listeners) {
    return Objects.requireNonNull(new CompositeListener(List.of(listeners)).of(CALL));
  }

  @Test
  void aCallThatEndedBeforeItBeganIsNotReported() {
    CallTelemetry telemetry = telemetry(new Recorder());

    telemetry.cancelled(1, null);

    assertThat(telemetry.start()).isEmpty();
    telemetry.response(2);
    telemetry.end(3, null, List.of());
    assertThat(received).isEmpty();
  }

  @Test
  void theFirstEndIsReportedAndNothingAfterIt() {
    CallTelemetry telemetry = telemetry(new Recorder());

    telemetry.setDroppedParams(List.of("seed"));
    assertThat(telemetry.start()).isEqualTo(Map.of("traceparent", "00-1"));
    telemetry.response(5);
    telemetry.failed(6, new CompletionException(failure()), null);
    telemetry.response(7);
    telemetry.end(8, null, List.of());
    telemetry.cancelled(9, null);

    assertThat(received)
        .containsExactly("start", "dropped [seed]", "response 5", "failed 6 gpu-1:8001");
  }

  private static BackendException failure() {
    return new BackendException(BackendCode.INTERNAL, "broken").withEndpoint("gpu-1:8001");
  }

  @Test
  void timesNeverGoBackwards() {
    CallTelemetry telemetry = telemetry(new Recorder());

    telemetry.start();
    telemetry.response(-3);
    telemetry.response(9);
    telemetry.response(4);
    telemetry.cancelled(7, null);

    assertThat(received)
        .containsExactly("start", "response 0", "response 9", "response 9", "cancelled 9");
  }

  @Test
  void aThreadNeverWaitsForAnObserverThatAnotherThreadIsNotifying() throws Exception {
    var inside = new CountDownLatch(1);
    var reported = new CountDownLatch(1);
    CallObserver slow =
        new CallObserver() {
          @Override
          public void response(long elapsedNanos) {
            inside.countDown();
            await(reported);
          }
        };
    CallTelemetry telemetry = telemetry(call -> slow, new Recorder());
    telemetry.start();
    CompletableFuture<Void> notifying = CompletableFuture.runAsync(() -> telemetry.response(1));
    await(inside);

    telemetry.response(2);
    telemetry.cancelled(3, null);
    reported.countDown();
    notifying.get(10, TimeUnit.SECONDS);

    assertThat(received).containsExactly("start", "response 1", "response 2", "cancelled 3");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anEndDuringTheStartIsReportedAfterIt() {
    var self = new CompletableFuture<CallTelemetry>();
    CallListener cancelling =
        call -> {
          self.join().cancelled(1, null);
          return CallObserver.NONE;
        };
    CallTelemetry telemetry = telemetry(cancelling, new Recorder());
    self.complete(telemetry);

    telemetry.start();

    assertThat(received).containsExactly("start", "cancelled 1");
  }

  /** Writes down what it receives. */
  private final class Recorder implements CallListener, CallObserver {
    @Override
    public CallObserver start(CallInfo call) {
      received.add("start");
      return this;
    }

    @Override
    public Map<String, String> metadata() {
      return Map.of("traceparent", "00-1");
    }

    @Override
    public void droppedFields(List<String> fields) {
      received.add("dropped " + fields);
    }

    @Override
    public void response(long elapsedNanos) {
      received.add("response " + elapsedNanos);
    }

    @Override
    public void completed(
        long elapsedNanos, @Nullable CompletionUsage usage, List<FinishReason> finishReasons) {
      received.add("completed " + elapsedNanos);
    }

    @Override
    public void failed(long elapsedNanos, CallFailure failure, @Nullable CompletionUsage usage) {
      received.add("failed " + elapsedNanos + " " + failure.endpoint());
    }

    @Override
    public void cancelled(long elapsedNanos, @Nullable CompletionUsage usage) {
      received.add("cancelled " + elapsedNanos);
    }
  }
}
