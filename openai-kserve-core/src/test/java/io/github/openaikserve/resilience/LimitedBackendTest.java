package io.github.openaikserve.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.OverloadedException;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.FaultyCancelBackend;
import io.github.openaikserve.testsupport.RelayedCall;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LimitedBackendTest {
  private static final ScriptedResponse SILENT = ScriptedResponse.of(List.of()).thenHangs();
  private static final ScriptedResponse ONE = ScriptedResponse.of(List.of(Probe.RESPONSE));

  private final ManualScheduler time = new ManualScheduler();

  private LimitedBackend limited(FakeBackend backend, ConcurrencyLimit.Builder limit) {
    return LimitedBackend.around(backend, limit.build(), time);
  }

  private static ConcurrencyLimit.Builder limit(int max, int queue) {
    return ConcurrencyLimit.builder().max(max).queue(queue);
  }

  private static ConcurrencyLimit one(boolean hold) {
    return hold ? limit(1, 0).holdUntilDone().build() : limit(1, 0).build();
  }

  @Test
  void atMostTheLimitRunsAndOthersQueue() {
    FakeBackend server = FakeBackend.answering(call -> SILENT);
    LimitedBackend backend = limited(server, limit(2, 10));

    List<Probe> probes = IntStream.range(0, 5).mapToObj(i -> Probe.call(backend)).toList();

    assertThat(server.calls()).hasSize(2);
    assertThat(backend.running()).isEqualTo(2);
    assertThat(backend.waiting()).isEqualTo(3);
    probes.get(1).cancel();
    assertThat(server.calls()).hasSize(3);
    assertThat(probes).allMatch(Probe::isSilent);
    assertThat(backend.waiting()).isEqualTo(2);
  }

  @Test
  void callsAreServedInTheirOrderOfArrival() {
    FakeBackend server = FakeBackend.answering(call -> SILENT);
    LimitedBackend backend = limited(server, limit(1, 10));
    Probe first = Probe.call(backend);
    for (int seconds = 101; seconds < 105; seconds++) {
      Probe.call(backend, Duration.ofSeconds(seconds));
    }

    first.cancel();

    assertThat(server.calls().get(1).timeout()).isEqualTo(Duration.ofSeconds(101));
  }

  @Test
  void aClientWithManyCallsDoesNotHoldUpOneWithFew() {
    List<String> served = new ArrayList<>();
    LimitedBackend backend = limited(firstIsSilent(served), limit(1, 10));
    Probe running = Probe.call(backend, of("many"));
    IntStream.range(0, 4).forEach(i -> Probe.call(backend, of("many")));
    IntStream.range(0, 2).forEach(i -> Probe.call(backend, of("few")));
    assertThat(backend.waiting()).isEqualTo(6);

    running.cancel();

    assertThat(served).containsExactly("many", "many", "few", "many", "few", "many", "many");
    assertThat(backend.waiting()).isZero();
  }

  @Test
  void aClientWithoutQueuedCallsIsSkipped() {
    List<String> served = new ArrayList<>();
    LimitedBackend backend = limited(firstIsSilent(served), limit(1, 10));
    Probe running = Probe.call(backend, of("a"));
    Probe leaving = Probe.call(backend, of("b"));
    Probe.call(backend, of("c"));

    leaving.cancel();
    running.cancel();

    assertThat(served).containsExactly("a", "c");
  }

  private static InferCall of(String client) {
    return Probe.CALL.withQueueKey(client);
  }

  /** Returns a server that answers at once, but for its first call; it adds the keys of calls. */
  private static FakeBackend firstIsSilent(List<String> served) {
    return FakeBackend.answering(
        call -> {
          served.add(String.valueOf(call.queueKey()));
          return served.size() == 1 ? SILENT : ONE;
        });
  }

  @Test
  void overTheQueueACallIsRefusedAtOnceAndNeverSent() {
    FakeBackend server = FakeBackend.answering(call -> SILENT);
    LimitedBackend backend = limited(server, limit(1, 1).retryAfter(Duration.ofSeconds(3)));
    Probe.call(backend);
    Probe.call(backend);

    Probe refused = Probe.call(backend);

    assertThat(refused.failure())
        .isInstanceOfSatisfying(
            OverloadedException.class,
            e -> {
              assertThat(e.status()).isEqualTo(429);
              assertThat(e.code()).isEqualTo("rate_limit_exceeded");
              assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(3));
            });
    assertThat(server.calls()).hasSize(1);
  }

  @Test
  void aCallThatWaitsTooLongIsRefused() {
    LimitedBackend backend =
        limited(FakeBackend.answering(call -> SILENT), limit(1, 1).maxWait(Duration.ofSeconds(5)));
    Probe.call(backend);
    Probe waiting = Probe.call(backend);

    time.advance(Duration.ofMillis(4999));
    assertThat(waiting.isSilent()).isTrue();
    time.advance(Duration.ofMillis(1));

    assertThat(waiting.failure()).isInstanceOf(OverloadedException.class);
    assertThat(backend.waiting()).isZero();
  }

  @Test
  void theTimeACallWaitsIsTakenOffItsTimeout() {
    FakeBackend server = FakeBackend.answering(call -> SILENT);
    LimitedBackend backend = limited(server, limit(1, 1));
    Probe first = Probe.call(backend);
    Probe.call(backend, Duration.ofSeconds(20));

    time.advance(Duration.ofSeconds(8));
    first.cancel();

    assertThat(server.calls().get(1).timeout()).isEqualTo(Duration.ofSeconds(12));
    assertThat(time.waiting()).isZero();
  }

  @Test
  void aCallThatTimesOutInTheQueueFailsWithATimeout() {
    LimitedBackend backend = limited(FakeBackend.answering(call -> SILENT), limit(1, 1));
    Probe.call(backend);
    Probe waiting = Probe.call(backend, Duration.ofSeconds(2));

    time.advance(Duration.ofSeconds(2));

    assertThat(waiting.failure())
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.backendCode()).isEqualTo(BackendCode.DEADLINE_EXCEEDED));
    assertThat(backend.waiting()).isZero();
  }

  @Test
  void aCancelledCallLeavesTheQueue() {
    FakeBackend server = FakeBackend.answering(call -> SILENT);
    LimitedBackend backend = limited(server, limit(1, 1));
    Probe first = Probe.call(backend);
    Probe waiting = Probe.call(backend);

    waiting.cancel();

    assertThat(backend.waiting()).isZero();
    assertThat(time.waiting()).isZero();
    first.cancel();
    assertThat(server.calls()).hasSize(1);
    assertThat(waiting.isSilent()).isTrue();
  }

  @Test
  void thePermitIsReleasedBeforeTheEndIsSignalled() {
    FakeBackend server = FakeBackend.answering(call -> ONE);
    LimitedBackend backend = limited(server, limit(1, 0));
    var again = new Probe();
    var first = new Probe();
    first.onEnd(
        () -> {
          backend.infer(Probe.CALL).subscribe(again);
          again.request(1);
        });

    backend.infer(Probe.CALL).subscribe(first);
    first.request(1);

    assertThat(again.isCompleted()).isTrue();
  }

  @Test
  void aFailedCallReleasesItsPermit() {
    LimitedBackend backend =
        limited(FakeBackend.failing(BackendCode.INTERNAL, "broken"), limit(1, 0));

    Probe first = Probe.call(backend);
    Probe second = Probe.call(backend);

    assertThat(first.failure()).hasMessage("broken");
    assertThat(second.failure()).hasMessage("broken");
    assertThat(backend.running()).isZero();
  }

  @Test
  void aBackendThatThrowsReleasesThePermit() {
    var backend =
        LimitedBackend.around(
            call -> {
              throw new IllegalStateException("as asked");
            },
            limit(1, 0).build(),
            time);

    Probe probe = Probe.call(backend);

    assertThat(probe.failure()).hasMessage("as asked");
    assertThat(backend.running()).isZero();
  }

  @Test
  void aCallbackThatThrowsDoesNotDelayOtherCallers() {
    List<ScriptedResponse> replies =
        List.of(
            SILENT,
            ScriptedResponse.of(List.of())
                .thenFails(new BackendException(BackendCode.INTERNAL, "x")),
            SILENT);
    var asked = new AtomicInteger();
    FakeBackend server = FakeBackend.answering(call -> replies.get(asked.getAndIncrement()));
    LimitedBackend backend = limited(server, limit(1, 2));
    Probe first = Probe.call(backend);
    Probe.call(backend)
        .onEnd(
            () -> {
              throw new AssertionError("as asked");
            });
    Probe last = Probe.call(backend);

    assertThatThrownBy(first::cancel).hasMessage("as asked");

    assertThat(server.calls()).hasSize(3);
    assertThat(backend.running()).isEqualTo(1);
    last.cancel();
    assertThat(backend.running()).isZero();
  }

  @Test
  void aDrainedCallHoldsItsPermitUntilTheServerCompletes() {
    ScriptedResponse slow =
        ScriptedResponse.of(List.of(Probe.RESPONSE, Probe.RESPONSE, Probe.RESPONSE))
            .every(Duration.ofSeconds(1));
    FakeBackend server = FakeBackend.answering(call -> slow).scheduler(time);
    LimitedBackend backend = limited(server, limit(1, 1).holdUntilDone());
    Probe first = Probe.call(backend);
    Probe second = Probe.call(backend);
    time.advance(Duration.ofSeconds(1));
    assertThat(first.items()).hasSize(1);

    first.cancel();

    assertThat(server.cancellations()).isZero();
    assertThat(server.calls()).hasSize(1);
    time.advance(Duration.ofSeconds(2));
    assertThat(server.calls()).hasSize(1);
    time.advance(Duration.ofSeconds(1));
    assertThat(server.calls()).hasSize(2);
    assertThat(first.items()).hasSize(1);
    assertThat(first.isCompleted()).isFalse();
    time.advance(Duration.ofSeconds(4));
    assertThat(second.isCompleted()).isTrue();
  }

  @Test
  void noTimerIsLeftOfACallThatGotItsPlaceAndWasCancelledWhileItBeganToWait() {
    FakeBackend server = FakeBackend.answering(call -> SILENT);
    var meanwhile = new AtomicReference<Runnable>();
    var interrupted =
        new Scheduler() {
          @Override
          public long nanoTime() {
            return time.nanoTime();
          }

          @Override
          public Cancellable schedule(Duration delay, Runnable task) {
            Cancellable timer = time.schedule(delay, task);
            Runnable other = meanwhile.getAndSet(null);
            if (other != null) {
              other.run();
            }
            return timer;
          }
        };
    LimitedBackend backend =
        LimitedBackend.around(server, limit(1, 1).holdUntilDone().build(), interrupted);
    Probe first = Probe.call(backend, Duration.ofSeconds(5));
    var second = new Probe();
    meanwhile.set(
        () -> {
          first.cancel();
          time.advance(Duration.ofSeconds(5));
          second.cancel();
        });

    backend.infer(Probe.CALL.withTimeout(Duration.ofSeconds(20))).subscribe(second);
    assertThat(backend.running()).isEqualTo(1);
    backend.close();

    assertThat(backend.running()).isZero();
    assertThat(time.waiting()).isZero();
  }

  @Test
  void aDrainedCallIsCutByItsOwnTimeout() {
    FakeBackend server = FakeBackend.answering(call -> SILENT);
    LimitedBackend backend = limited(server, limit(1, 0).holdUntilDone());
    Probe probe = Probe.call(backend, Duration.ofSeconds(60));
    time.advance(Duration.ofSeconds(20));
    probe.cancel();

    time.advance(Duration.ofMillis(39_999));
    assertThat(backend.running()).isEqualTo(1);
    time.advance(Duration.ofMillis(1));

    assertThat(backend.running()).isZero();
    assertThat(server.cancellations()).isEqualTo(1);
  }

  @Test
  void closingCompletesTheQueuedSignals() {
    FakeBackend server = FakeBackend.answering(call -> SILENT);
    LimitedBackend backend = limited(server, limit(2, 0).holdUntilDone());
    Probe.call(backend).cancel();
    Probe left = Probe.call(backend);

    backend.close();

    assertThat(server.cancellations()).isEqualTo(1);
    left.cancel();
    assertThat(server.cancellations()).isEqualTo(2);
    assertThat(backend.running()).isZero();
    assertThat(server.ready()).isCompletedWithValueMatching(ready -> !ready.orElseThrow());
  }

  @Test
  void closingEndsAllDrainedCallsAndTheBackend() {
    FakeBackend server = FakeBackend.answering(call -> SILENT);
    LimitedBackend backend =
        LimitedBackend.around(
            new FaultyCancelBackend(server), limit(2, 0).holdUntilDone().build(), time);
    Probe.call(backend).cancel();
    Probe.call(backend).cancel();

    backend.close();

    assertThat(server.cancellations()).isEqualTo(2);
    assertThat(server.isClosed()).isTrue();
    assertThat(backend.running()).isZero();
  }

  /** A scheduler without room for another timer. */
  private static final class FullScheduler implements Scheduler {
    @Override
    public long nanoTime() {
      return 0;
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
      throw new RejectedExecutionException("full");
    }
  }

  @Test
  void aCallThatCannotWaitFailsAndIsNeverSent() {
    FakeBackend server = FakeBackend.answering(call -> SILENT);
    LimitedBackend backend =
        LimitedBackend.around(server, limit(1, 5).build(), new FullScheduler());
    Probe running = Probe.call(backend);

    Probe refused = Probe.call(backend);

    assertThat(refused.failure()).isInstanceOf(RejectedExecutionException.class);
    assertThat(backend.waiting()).isZero();
    running.cancel();
    assertThat(server.calls()).hasSize(1);
    assertThat(backend.running()).isZero();
  }

  @Test
  void aCancelledCallWhoseDrainingCannotBeTimedIsEndedAtOnce() {
    FakeBackend server = FakeBackend.answering(call -> SILENT);
    LimitedBackend backend =
        LimitedBackend.around(server, limit(1, 0).holdUntilDone().build(), new FullScheduler());

    Probe.call(backend, Duration.ofSeconds(5)).cancel();

    assertThat(server.cancellations()).isEqualTo(1);
    assertThat(backend.running()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBackendThatNeverSendsASubscriptionKeepsAPermitOnlyUntilTheTimeLimit(boolean hold) {
    InferenceBackend silent = call -> subscriber -> {};
    LimitedBackend backend = LimitedBackend.around(silent, one(hold), time);
    Probe call = Probe.call(backend, Duration.ofSeconds(5));

    call.cancel();

    assertThat(backend.running()).isEqualTo(1);
    time.advance(Duration.ofSeconds(5));
    assertThat(backend.running()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLateSubscriptionOfACancelledCallIsCancelledAndKeepsThePermitsOfOthers(boolean hold) {
    List<Flow.Subscriber<? super InferResponse>> calls = new ArrayList<>();
    InferenceBackend late = call -> calls::add;
    LimitedBackend backend = LimitedBackend.around(late, one(hold), time);
    Probe.call(backend, Duration.ofSeconds(5)).cancel();
    time.advance(Duration.ofSeconds(5));
    Probe.call(backend, Duration.ofSeconds(5));
    FakeBackend server = FakeBackend.answering(call -> SILENT);

    server.infer(Probe.CALL).subscribe(calls.get(0));

    assertThat(server.cancellations()).isEqualTo(1);
    assertThat(backend.running()).isEqualTo(1);
  }

  @Test
  void thousandsThatWaitAreServedWithoutADeepStack() {
    var blocked = new AtomicInteger();
    FakeBackend server =
        FakeBackend.answering(call -> blocked.getAndIncrement() == 0 ? SILENT : ONE);
    LimitedBackend backend = limited(server, limit(1, 20_000));
    Probe first = Probe.call(backend);
    List<Probe> waiting = IntStream.range(0, 20_000).mapToObj(i -> Probe.call(backend)).toList();

    first.cancel();

    assertThat(waiting).allMatch(probe -> probe.isCompleted());
    assertThat(time.waiting()).isZero();
  }

  @Test
  void nothingIsLostWhereCallsEndAndAreCancelledAtTheSameTime() throws Exception {
    var atOnce = new AtomicInteger();
    var most = new AtomicInteger();
    FakeBackend server =
        FakeBackend.answering(
            call -> {
              most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
              return ONE.every(Duration.ofNanos(50_000));
            });
    LimitedBackend backend =
        LimitedBackend.around(
            call -> {
              var publisher = server.infer(call);
              return subscriber -> publisher.subscribe(new Counted(subscriber, atOnce));
            },
            limit(3, 1000).build());
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      var barrier = new CyclicBarrier(4);
      List<Future<List<Probe>>> all = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        all.add(
            threads.submit(
                () -> {
                  barrier.await();
                  List<Probe> kept = new ArrayList<>();
                  for (int i = 0; i < 200; i++) {
                    Probe probe = Probe.call(backend);
                    if (i % 3 == 0) {
                      probe.cancel();
                    } else {
                      kept.add(probe);
                    }
                  }
                  return kept;
                }));
      }
      for (Future<List<Probe>> future : all) {
        for (Probe probe : future.get(30, TimeUnit.SECONDS)) {
          probe.awaitCompletion();
        }
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(most.get()).isLessThanOrEqualTo(3);
    assertThat(backend.running()).isZero();
    assertThat(backend.waiting()).isZero();
  }

  /** Counts a call as over before its place can be given to another. */
  private static final class Counted extends RelayedCall {
    private final AtomicInteger atOnce;
    private final AtomicBoolean over = new AtomicBoolean();

    Counted(Flow.Subscriber<? super InferResponse> to, AtomicInteger atOnce) {
      super(to);
      this.atOnce = atOnce;
    }

    private void over() {
      if (over.compareAndSet(false, true)) {
        atOnce.decrementAndGet();
      }
    }

    @Override
    public void cancel() {
      over();
      super.cancel();
    }

    @Override
    public void onError(Throwable failure) {
      over();
      super.onError(failure);
    }

    @Override
    public void onComplete() {
      over();
      super.onComplete();
    }
  }

  @Test
  void implausibleLimitsAreIgnored() {
    assertThatThrownBy(() -> limit(0, 1).build()).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> limit(1, -1).build()).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> limit(1, 1).maxWait(Duration.ZERO).build())
        .isInstanceOf(IllegalArgumentException.class);
  }
}
