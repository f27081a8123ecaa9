package io.github.openaikserve.internal.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.internal.flow.Fallback;
import io.github.openaikserve.internal.flow.Pipe;
import io.github.openaikserve.internal.flow.Translator;
import io.github.openaikserve.internal.model.Timeouts;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.observation.CallFailure;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallKind;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.races.PacedServer;
import io.github.openaikserve.races.Race;
import io.github.openaikserve.races.StrictSubscriber;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Time limits that end while responses, demand, completion and cancelling come. */
final class WatchRacesTest {
  private static final int RESPONSES = 20;
  private static final Duration TICK = Duration.ofMillis(10);
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
          var told = new Told();
          CallWatch watch = watch(random, told);
          Pipe<InferResponse, InferResponse> pipe = pipe(watch, server);
          watch.watch(pipe);
          watch.follow(pipe.ended());
          var subscriber = new StrictSubscriber<InferResponse>();

          run(random, server, subscriber, pipe, cancels);

          assertThat(subscriber.violations()).isEmpty();
          assertThat(subscriber.ended() || subscriber.cancelled()).isTrue();
          assertThat(server.open()).as("calls at the server").isZero();
          assertThat(time.waiting()).as("timers").isZero();
          told.assertLawful();
          if (subscriber.ended() && subscriber.failure() == null) {
            assertThat(subscriber.values()).hasSize(RESPONSES);
          }
        });
  }

  @Test
  void aCallThatIsCancelledWhileItBeginsIsNotTold() {
    var server = new PacedServer(call -> new PacedServer.Answer(RESPONSES, null));
    var told = new Told();
    var pipes = new AtomicReference<Pipe<?, ?>>();
    var clock =
        new Scheduler() {
          @Override
          public long nanoTime() {
            Objects.requireNonNull(pipes.get()).close();
            return time.nanoTime();
          }

          @Override
          public Runnable schedule(Duration delay, Runnable task) {
            return time.schedule(delay, task);
          }
        };
    var watch =
        new CallWatch(
            Timeouts.NONE,
            Timeouts.NONE,
            clock,
            observation(told),
            CallMetadata.NOTHING,
            new RunningCalls());
    Pipe<InferResponse, InferResponse> pipe = pipe(watch, server);
    pipes.set(pipe);
    watch.follow(pipe.ended());

    pipe.start();

    assertThat(server.open()).isZero();
    told.assertLawful();
  }

  private static InferCall call(Rpc rpc) {
    return InferCall.of(rpc, InferRequest.of("model", "", List.of()));
  }

  /** Each of the three limits is over in some rounds, and none of them in others. */
  private CallWatch watch(Random random, Told told) {
    var timeouts = new Timeouts(limit(random), limit(random), limit(random));
    return new CallWatch(
        timeouts, timeouts, time, observation(told), CallMetadata.NOTHING, new RunningCalls());
  }

  private static @Nullable CallTelemetry observation(Told told) {
    return new CompositeListener(List.of(told))
        .of(new CallInfo("r", "m", "m", CallKind.CHAT, true, Map.of(), Map.of()));
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

  private static Pipe<InferResponse, InferResponse> pipe(CallWatch watch, PacedServer server) {
    return new Pipe<>(
        new Fallback<>(
            watch.watched(STREAM, true, new CallHandle(), server::infer),
            failure ->
                isUnimplemented(failure)
                    ? watch.watched(UNARY, false, new CallHandle(), server::infer)
                    : null),
        new Unchanged());
  }

  private static boolean isUnimplemented(Throwable failure) {
    return failure instanceof BackendException told
        && told.backendCode() == BackendCode.UNIMPLEMENTED;
  }

  private void run(
      Random random,
      PacedServer server,
      StrictSubscriber<InferResponse> subscriber,
      Pipe<InferResponse, InferResponse> pipe,
      boolean cancels) {
    var going = new AtomicInteger(cancels ? 4 : 3);
    var reading = new Random(random.nextLong());
    List<Runnable> parts = new ArrayList<>();
    parts.add(counted(going, pipe::start));
    parts.add(counted(going, () -> pipe.subscribe(subscriber)));
    parts.add(counted(going, () -> subscriber.readAll(reading)));
    if (cancels) {
      parts.add(counted(going, () -> closeWhenever(pipe, subscriber)));
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
  private static void closeWhenever(Pipe<?, ?> pipe, StrictSubscriber<InferResponse> subscriber) {
    pipe.close();
    while (!subscriber.cancelled() && !subscriber.ended()) {
      subscriber.cancel();
    }
  }

  private static final class Unchanged implements Translator<InferResponse, InferResponse> {
    @Override
    public void next(InferResponse input, Consumer<? super InferResponse> output) {
      output.accept(input);
    }
  }

  /** What a listener was told, in one word each. */
  private static final class Told implements CallListener {
    private final Queue<String> words = new ConcurrentLinkedQueue<>();

    @Override
    public CallListener start(CallInfo call) {
      words.add("start");
      return this;
    }

    @Override
    public void firstToken(CallInfo call, long nanos) {
      words.add("first");
    }

    @Override
    public void token(CallInfo call, long nanos) {
      words.add("token");
    }

    @Override
    public void end(CallInfo call, long nanos, List<FinishReason> finishReasons) {
      words.add("end");
    }

    @Override
    public void error(CallInfo call, long nanos, CallFailure failure) {
      words.add("error");
    }

    @Override
    public void cancelled(CallInfo call, long nanos) {
      words.add("cancelled");
    }

    /** All of it or, of a call that was cancelled before it began, nothing. */
    void assertLawful() {
      assertThat(String.join(" ", words))
          .matches("(start( first( token)*)? (end|error|cancelled))?");
    }
  }
}
