package io.github.openaikserve.testsupport;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.kserve.InferResponse;
import java.util.concurrent.Flow;
import java.util.function.IntFunction;

/**
 * A backend whose calls never end by themselves. Each response is emitted as soon as it is
 * requested, on the thread that requests it.
 */
public final class EndlessBackend implements InferenceBackend {
  private final IntFunction<InferResponse> responses;
  private int calls;
  private int cancellations;
  private int emitted;

  /** Creates a backend that emits these responses, numbered from 0 in each call. */
  public EndlessBackend(IntFunction<InferResponse> responses) {
    this.responses = responses;
  }

  public int calls() {
    return calls;
  }

  public int cancellations() {
    return cancellations;
  }

  /** Returns how many responses all calls have emitted. */
  public int emitted() {
    return emitted;
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    return subscriber -> {
      calls++;
      subscriber.onSubscribe(new Emission(subscriber));
    };
  }

  private final class Emission implements Flow.Subscription {
    private final Flow.Subscriber<? super InferResponse> subscriber;
    private long demand;
    private int next;
    private boolean emitting;
    private boolean cancelled;

    Emission(Flow.Subscriber<? super InferResponse> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
      demand += n;
      if (emitting) {
        return;
      }
      emitting = true;
      while (demand > 0 && !cancelled) {
        demand--;
        emitted++;
        subscriber.onNext(responses.apply(next++));
      }
      emitting = false;
    }

    @Override
    public void cancel() {
      if (!cancelled) {
        cancelled = true;
        cancellations++;
      }
    }
  }
}
