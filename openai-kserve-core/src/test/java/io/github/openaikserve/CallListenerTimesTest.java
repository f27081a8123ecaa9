package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.observation.CallObserver;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import io.github.openaikserve.races.Race;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The times that observers receive, when choices answer on several threads. */
final class CallListenerTimesTest {
  @Test
  void timesNeverGoBackwardsAcrossThreads() {
    var previous = new AtomicLong();
    var backwards = new AtomicInteger();
    var responses = new AtomicInteger();
    var inside = new AtomicInteger();
    var overlaps = new AtomicInteger();
    CallObserver checking =
        new CallObserver() {
          @Override
          public void response(long elapsedNanos) {
            check(elapsedNanos);
            responses.incrementAndGet();
          }

          @Override
          public void completed(
              long elapsedNanos, @Nullable CompletionUsage usage, List<FinishReason> reasons) {
            check(elapsedNanos);
          }

          private void check(long elapsedNanos) {
            overlaps.addAndGet(inside.getAndIncrement());
            backwards.addAndGet(elapsedNanos < previous.getAndSet(elapsedNanos) ? 1 : 0);
            inside.decrementAndGet();
          }
        };
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      InferResponse token =
          InferResponse.of(Tensor.text("token", "x"), Tensor.text("finish_reason", "null"));
      var openai =
          OpenAiKServe.builder(new EagerBackend(threads, token, 5_000))
              .scheduler(new LateClock())
              .listener(call -> checking)
              .model("m", m -> m.dialect(Dialects.ANYSERVE).maxConcurrentChoices(4))
              .build();

      openai.completions().create(r -> r.prompt("p").n(4).maxTokens(100_000));
    } finally {
      threads.shutdownNow();
    }

    assertThat(responses).hasValue(20_000);
    assertThat(overlaps).hasValue(0);
    assertThat(backwards).hasValue(0);
  }

  /** A clock whose readers are often overtaken by others before they use the time. */
  private static final class LateClock implements Scheduler {
    private static final int LATE = 8;

    private final AtomicLong readings = new AtomicLong();

    @Override
    public long nanoTime() {
      long now = System.nanoTime();
      if (readings.incrementAndGet() % LATE == 0) {
        Race.pause();
      }
      return now;
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
      return Scheduler.SHARED.schedule(delay, task);
    }
  }

  /** Answers each call on its own thread, as fast as responses are requested. */
  private record EagerBackend(ExecutorService threads, InferResponse response, int count)
      implements InferenceBackend {
    @Override
    public Flow.Publisher<InferResponse> infer(InferCall call) {
      return subscriber -> subscriber.onSubscribe(new Sending(subscriber));
    }

    private final class Sending implements Flow.Subscription {
      private final Flow.Subscriber<? super InferResponse> subscriber;
      private final Semaphore demand = new Semaphore(0);
      private final AtomicBoolean begun = new AtomicBoolean();
      private volatile boolean cancelled;

      Sending(Flow.Subscriber<? super InferResponse> subscriber) {
        this.subscriber = subscriber;
      }

      @Override
      public void request(long n) {
        demand.release((int) Math.min(count, n));
        if (begun.compareAndSet(false, true)) {
          threads.execute(this::send);
        }
      }

      private void send() {
        for (int i = 0; i < count && !cancelled; i++) {
          demand.acquireUninterruptibly();
          subscriber.onNext(response);
        }
        if (!cancelled) {
          subscriber.onComplete();
        }
      }

      @Override
      public void cancel() {
        cancelled = true;
        demand.release(count);
      }
    }
  }
}
