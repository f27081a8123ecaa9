package io.github.openaikserve.internal.answer.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.internal.flow.MappingStage;
import io.github.openaikserve.internal.flow.MergeProcessor;
import io.github.openaikserve.internal.flow.Stage;
import io.github.openaikserve.internal.model.Timeouts;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.internal.request.CallDescriptor;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.observation.CallFailure;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallKind;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.observation.CallObserver;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.races.PacedServer;
import io.github.openaikserve.races.Race;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testsupport.StrictSubscriber;
import io.github.openaikserve.time.Scheduler;
import io.github.openaikserve.time.Scheduler.Cancellable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Time limits that end while responses, demand, completion and cancelling come. */
final class CallScopeRacesTest {
  private static final int RESPONSES = 20;
  private static final Duration TICK = Duration.ofMillis(10);
  private static final CallDescriptor CALL =
      new CallDescriptor(CallKind.CHAT, "m", true, "1", null, CallContext.NONE);
  private static final InferCall STREAM = call(Rpc.MODEL_STREAM_INFER);
  private static final InferCall UNARY = call(Rpc.MODEL_INFER);

  private final Race race = new Race();
  private final ManualScheduler time = new ManualScheduler();

  @AfterEach
  void close() {
    race.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void oneEndForTheReaderAndOneForTheListener(boolean cancels) {
    Race.rounds(
        random -> {
          PacedServer server = server(random);
          var received = new Received();
          var running = new RunningCalls();
          MergeProcessor<InferResponse, InferResponse> processor =
              processor(scope(random, received, running), server);
          var subscriber = new StrictSubscriber<InferResponse>();

          run(random, server, subscriber, processor, cancels);
          running.shutdown();

          assertThat(subscriber.violations()).isEmpty();
          assertThat(subscriber.hasEnded() || subscriber.isCancelled()).isTrue();
          assertThat(server.open()).as("calls at the server").isZero();
          assertThat(time.waiting()).as("timers").isZero();
          received.assertLawful();
          assertThat(hasTerminated(running)).as("no call runs").isTrue();
          if (subscriber.hasEnded() && subscriber.failure() == null) {
            assertThat(subscriber.items()).hasSize(RESPONSES);
          }
        });
  }

  @Test
  void aCallThatIsCancelledWhileItBeginsIsNotReported() {
    var server = new PacedServer(call -> new PacedServer.Answer(RESPONSES, null));
    var received = new Received();
    var processors = new AtomicReference<MergeProcessor<?, ?>>();
    var clock =
        new Scheduler() {
          @Override
          public long nanoTime() {
            MergeProcessor<?, ?> begun = processors.get();
            if (begun != null) {
              begun.close();
            }
            return time.nanoTime();
          }

          @Override
          public Cancellable schedule(Duration delay, Runnable task) {
            return time.schedule(delay, task);
          }
        };
    var scope = new CallScope(clock, new RunningCalls());
    scope.resolve(Timeouts.NONE, Timeouts.NONE, CALL, observation(received));
    MergeProcessor<InferResponse, InferResponse> processor = processor(scope, server);
    processors.set(processor);

    processor.start();

    assertThat(server.open()).isZero();
    received.assertLawful();
  }

  @Test
  void aRequestThatHasEndedMakesNoFurtherCall() {
    var server = new PacedServer(call -> new PacedServer.Answer(RESPONSES, null));
    var running = new RunningCalls();
    var scope = new CallScope(time, running);
    scope.resolve(Timeouts.NONE, Timeouts.NONE, CALL, null);
    scope.terminated(null, true, null, List.of());
    var subscriber = new StrictSubscriber<InferResponse>();

    scope.call(UNARY, false, server::infer).subscribe(subscriber);

    assertThat(subscriber.failure()).isInstanceOf(CancellationException.class);
    assertThat(server.open()).isZero();
    running.shutdown();
    assertThat(hasTerminated(running)).isTrue();
  }

  private static boolean hasTerminated(RunningCalls running) {
    try {
      return running.awaitTermination(Duration.ZERO);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static InferCall call(Rpc rpc) {
    return InferCall.of(rpc, InferRequest.of("model", "", List.of()));
  }

  /** Each of the three limits is over in some rounds, and none of them in others. */
  private CallScope scope(Random random, Received received, RunningCalls running) {
    var timeouts = new Timeouts(limit(random), limit(random), limit(random));
    var scope = new CallScope(time, running);
    scope.resolve(timeouts, timeouts, CALL, observation(received));
    return scope;
  }

  private static @Nullable CallTelemetry observation(Received received) {
    return new CompositeListener(List.of(received))
        .of(CallInfo.builder("r", "m", CallKind.CHAT).streamed(true).build());
  }

  private static Duration limit(Random random) {
    return TICK.multipliedBy(1 + random.nextInt(40));
  }

  /** Some streams are not implemented, so that a second call is made, and some never end. */
  private static PacedServer server(Random random) {
    int kind = random.nextInt(4);
    return new PacedServer(
        call ->
            switch (call.rpc().streams() ? kind : 3) {
              case 0 -> new PacedServer.Answer(0, BackendCode.UNIMPLEMENTED);
              case 1 -> new PacedServer.Answer(Integer.MAX_VALUE, null);
              default -> new PacedServer.Answer(RESPONSES, null);
            });
  }

  private static MergeProcessor<InferResponse, InferResponse> processor(
      CallScope scope, PacedServer server) {
    var processor =
        new MergeProcessor<InferResponse, InferResponse>(
            List.of(scope.call(STREAM, true, server::infer)), 1, new Ending(scope, server));
    scope.setAnswer(processor);
    return processor;
  }

  private static boolean isUnimplemented(Throwable failure) {
    return failure instanceof BackendException told
        && told.backendCode() == BackendCode.UNIMPLEMENTED;
  }

  private void run(
      Random random,
      PacedServer server,
      StrictSubscriber<InferResponse> subscriber,
      MergeProcessor<InferResponse, InferResponse> processor,
      boolean cancels) {
    var going = new AtomicInteger(cancels ? 4 : 3);
    var reading = new Random(random.nextLong());
    List<Runnable> parts = new ArrayList<>();
    parts.add(counted(going, processor::start));
    parts.add(counted(going, () -> processor.subscribe(subscriber)));
    parts.add(counted(going, () -> subscriber.readAll(reading)));
    if (cancels) {
      parts.add(counted(going, () -> closeWhenever(processor, subscriber)));
    }
    parts.add(() -> until(going, server::step));
    parts.add(() -> until(going, () -> time.advance(TICK)));
    race.run(random, parts.toArray(Runnable[]::new));
  }

  private static Runnable counted(AtomicInteger going, Runnable part) {
    return () -> {
      part.run();
      going.decrementAndGet();
    };
  }

  private static void until(AtomicInteger going, Runnable step) {
    while (going.get() > 0) {
      step.run();
      Race.pause();
    }
  }

  /** Also before there is a subscriber, who hears nothing then. */
  private static void closeWhenever(
      MergeProcessor<?, ?> processor, StrictSubscriber<InferResponse> subscriber) {
    processor.close();
    while (!subscriber.isCancelled() && !subscriber.hasEnded()) {
      subscriber.cancelNow();
    }
  }

  /** A stage that passes responses on and ends the scope, as the stages of answers do. */
  private static final class Ending implements Stage<InferResponse, InferResponse> {
    private final Stage<InferResponse, InferResponse> same = new MappingStage<>(item -> item);
    private final CallScope scope;
    private final PacedServer server;

    Ending(CallScope scope, PacedServer server) {
      this.scope = scope;
      this.server = server;
    }

    @Override
    public void onStart(Consumer<? super InferResponse> output) {
      same.onStart(output);
    }

    @Override
    public void onNext(int source, InferResponse response) {
      same.onNext(source, response);
    }

    @Override
    public Flow.@Nullable Publisher<InferResponse> onErrorResume(int source, Throwable failure) {
      return isUnimplemented(failure) ? scope.call(UNARY, false, server::infer) : null;
    }

    @Override
    public void onSourceComplete(int source) {}

    @Override
    public void onTerminate(@Nullable Throwable failure, boolean cancelled) {
      scope.terminated(failure, cancelled, null, List.of());
    }
  }

  /** What an observer has received, in one word each. */
  private static final class Received implements CallListener, CallObserver {
    private final Queue<String> words = new ConcurrentLinkedQueue<>();

    @Override
    public CallObserver start(CallInfo call) {
      words.add("start");
      return this;
    }

    @Override
    public void response(long elapsedNanos) {
      words.add("response");
    }

    @Override
    public void completed(
        long elapsedNanos, @Nullable CompletionUsage usage, List<FinishReason> finishReasons) {
      words.add("completed");
    }

    @Override
    public void failed(long elapsedNanos, CallFailure failure, @Nullable CompletionUsage usage) {
      words.add("failed");
    }

    @Override
    public void cancelled(long elapsedNanos, @Nullable CompletionUsage usage) {
      words.add("cancelled");
    }

    /** All of it or, of a call that was cancelled before it began, nothing. */
    void assertLawful() {
      assertThat(String.join(" ", words))
          .matches("(start( response)* (completed|failed|cancelled))?");
    }
  }
}
