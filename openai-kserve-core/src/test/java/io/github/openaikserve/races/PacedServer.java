package io.github.openaikserve.races;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A model server that counts its calls; they go on as far as one thread lets them. Thread-safe. */
public final class PacedServer implements InferenceBackend {
  private static final InferResponse RESPONSE = InferResponse.of(Tensor.text("token", "a"));

  private final Function<InferCall, Answer> answers;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  /** How a call is answered: so many responses, and then a failure or a good end. */
  public record Answer(int responses, @Nullable BackendCode failure) {}

  public PacedServer(Function<InferCall, Answer> answers) {
    this.answers = answers;
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    return subscriber -> {
      most.accumulateAndGet(open.incrementAndGet(), Math::max);
      var made = new Call(call, answers.apply(call), subscriber);
      calls.add(made);
      subscriber.onSubscribe(made);
      made.begun = true;
    };
  }

  /** The calls that reached it, in their order. */
  public List<InferCall> calls() {
    return calls.stream().map(made -> made.call).toList();
  }

  /** How many calls have neither ended nor been cancelled. */
  public int open() {
    return open.get();
  }

  /** How many calls were open at the same time, at most. */
  public int mostOpen() {
    return most.get();
  }

  /** Lets every call give its next signal, if it may. For one thread. */
  public void step() {
    calls.forEach(Call::step);
  }

  private final class Call implements Flow.Subscription {
    private final InferCall call;
    private final Answer answer;
    private final Flow.Subscriber<? super InferResponse> subscriber;
    private final AtomicLong demand = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile boolean begun;
    private int given;

    Call(InferCall call, Answer answer, Flow.Subscriber<? super InferResponse> subscriber) {
      this.call = call;
      this.answer = answer;
      this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
      demand.accumulateAndGet(n, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
    }

    @Override
    public void cancel() {
      end();
    }

    void step() {
      if (!begun || over.get()) {
        return;
      }
      if (given < answer.responses()) {
        if (demand.get() > 0) {
          demand.decrementAndGet();
          given++;
          subscriber.onNext(RESPONSE);
        }
      } else if (end()) {
        BackendCode failure = answer.failure();
        if (failure == null) {
          subscriber.onComplete();
        } else {
          subscriber.onError(new BackendException(failure, "as asked"));
        }
      }
    }

    /** Whether it was not over before. */
    private boolean end() {
      boolean ended = over.compareAndSet(false, true);
      if (ended) {
        open.decrementAndGet();
      }
      return ended;
    }
  }
}
