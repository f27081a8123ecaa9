package io.github.openaikserve.testing;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One scripted call. */
final class FakeCall implements Flow.Publisher<InferResponse> {
  private final InferCall call;
  private final Function<InferCall, ScriptedResponse> begin;
  private final Runnable onCancel;
  private final @Nullable Scheduler scheduler;
  private final AtomicBoolean subscribed = new AtomicBoolean();

  FakeCall(
      InferCall call,
      Function<InferCall, ScriptedResponse> begin,
      Runnable onCancel,
      @Nullable Scheduler scheduler) {
    this.call = call;
    this.begin = begin;
    this.onCancel = onCancel;
    this.scheduler = scheduler;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super InferResponse> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    if (!subscribed.compareAndSet(false, true)) {
      Publishers.<InferResponse>error(
              new IllegalStateException("the call already has a subscriber"))
          .subscribe(subscriber);
      return;
    }
    var answer = new Answer(subscriber, begin.apply(call));
    subscriber.onSubscribe(answer);
    answer.schedule();
  }

  private final class Answer implements Flow.Subscription {
    private final Flow.Subscriber<? super InferResponse> subscriber;
    private final ScriptedResponse script;
    private final AtomicLong demand = new AtomicLong();
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean illegalDemand;
    private int next;

    Answer(Flow.Subscriber<? super InferResponse> subscriber, ScriptedResponse script) {
      this.subscriber = subscriber;
      this.script = script;
    }

    @Override
    public void request(long n) {
      if (n <= 0) {
        illegalDemand = true;
      } else {
        Publishers.addDemand(demand, n);
      }
      schedule();
    }

    @Override
    public void cancel() {
      if (ended.compareAndSet(false, true)) {
        onCancel.run();
      }
    }

    /** Sends the signals serially, on one thread at a time. */
    void schedule() {
      if (pending.getAndIncrement() == 0) {
        run(1);
      }
    }

    private void run(int seen) {
      int missed = seen;
      do {
        CompletionStage<?> gate = script.gates().apply(next);
        if (gate != null && !gate.toCompletableFuture().isDone()) {
          int unseen = missed;
          gate.whenComplete((value, failure) -> run(unseen));
          return;
        }
        Duration delay = script.delays().apply(next);
        if (!delay.isZero()) {
          int unseen = missed;
          later(delay).execute(() -> runDelayed(unseen));
          return;
        }
        if (!signal()) {
          missed = pending.addAndGet(-missed);
        }
      } while (missed != 0);
    }

    private void runDelayed(int seen) {
      int missed = signal() ? seen : pending.addAndGet(-seen);
      if (missed != 0) {
        run(missed);
      }
    }

    private Executor later(Duration delay) {
      if (scheduler != null) {
        return task -> scheduler.schedule(delay, task);
      }
      // Not the common pool: a test may be blocking its few threads.
      return CompletableFuture.delayedExecutor(
          TimeUnit.NANOSECONDS.convert(delay), TimeUnit.NANOSECONDS, Runnable::run);
    }

    /** Sends one signal. Returns false if none can be sent now. */
    private boolean signal() {
      if (ended.get()) {
        return false;
      }
      if (illegalDemand) {
        if (ended.compareAndSet(false, true)) {
          subscriber.onError(new IllegalArgumentException("demand must be positive"));
        }
        return false;
      }
      if (next < script.responses().size()) {
        if (demand.get() == 0) {
          return false;
        }
        demand.decrementAndGet();
        subscriber.onNext(script.responses().get(next++));
        return true;
      }
      if (script.ends() && ended.compareAndSet(false, true)) {
        end();
      }
      return false;
    }

    private void end() {
      if (script.failure() == null) {
        subscriber.onComplete();
      } else {
        subscriber.onError(script.failure());
      }
    }
  }
}
