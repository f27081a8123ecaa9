package io.github.openaikserve.testing;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.internal.flow.DrainLoop;
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
    answer.signals.run();
  }

  private final class Answer implements Flow.Subscription {
    private final Flow.Subscriber<? super InferResponse> subscriber;
    private final ScriptedResponse script;
    private final DrainLoop signals = new DrainLoop(this::signalAll);
    private final AtomicLong demand = new AtomicLong();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean illegalDemand;
    private int next;

    /** Completes when the server sends the next signal; null until that is determined. */
    private @Nullable CompletableFuture<?> due;

    Answer(Flow.Subscriber<? super InferResponse> subscriber, ScriptedResponse script) {
      this.subscriber = subscriber;
      this.script = script;
    }

    @Override
    public void request(long n) {
      if (n <= 0) {
        illegalDemand = true;
      } else {
        DrainLoop.addDemand(demand, n);
      }
      signals.run();
    }

    @Override
    public void cancel() {
      if (ended.compareAndSet(false, true)) {
        onCancel.run();
      }
    }

    private void signalAll() {
      while (!ended.get() && signal()) {}
    }

    /** Sends one signal. Returns false if none can be sent now. */
    private boolean signal() {
      if (illegalDemand) {
        end(new IllegalArgumentException("demand must be positive"));
        return false;
      }
      if (!isDue()) {
        return false;
      }
      if (next == script.responses().size()) {
        if (script.ends()) {
          end(script.failure());
        }
        return false;
      }
      if (demand.get() == 0) {
        return false;
      }
      demand.decrementAndGet();
      due = null;
      subscriber.onNext(script.responses().get(next++));
      return true;
    }

    private void end(@Nullable Throwable failure) {
      if (!ended.compareAndSet(false, true)) {
        return;
      }
      if (failure == null) {
        subscriber.onComplete();
      } else {
        subscriber.onError(failure);
      }
    }

    /** Returns whether the server sends the next signal now. If not, it is sent when it is due. */
    private boolean isDue() {
      if (due == null) {
        due = due(script.gates().apply(next), script.delays().apply(next));
        if (!due.isDone()) {
          due.whenComplete((value, failure) -> signals.run());
        }
      }
      return due.isDone();
    }

    private CompletableFuture<?> due(@Nullable CompletionStage<?> gate, Duration delay) {
      CompletableFuture<?> opened =
          gate == null
              ? CompletableFuture.completedFuture(null)
              : gate.handle((value, failure) -> null).toCompletableFuture();
      return delay.isZero() ? opened : opened.thenCompose(open -> elapsed(delay));
    }

    private CompletableFuture<?> elapsed(Duration delay) {
      // Not the common pool: a test may be blocking its few threads.
      Executor later =
          scheduler == null
              ? CompletableFuture.delayedExecutor(
                  TimeUnit.NANOSECONDS.convert(delay), TimeUnit.NANOSECONDS, Runnable::run)
              : task -> scheduler.schedule(delay, task);
      return CompletableFuture.runAsync(() -> {}, later);
    }
  }
}
