package io.github.openaikserve.testsupport;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.kserve.InferResponse;
import java.util.concurrent.Flow;
import java.util.function.IntFunction;

/**
 * A backend for one call, which emits each response as soon as it is requested, on the thread that
 * requests it.
 */
public final class SynchronousBackend implements InferenceBackend {
  private final int count;
  private final IntFunction<InferResponse> responses;
  private int emitted;

  /** Creates a backend that emits so many responses, numbered from 0, and completes. */
  public SynchronousBackend(int count, IntFunction<InferResponse> responses) {
    this.count = count;
    this.responses = responses;
  }

  /** Returns how many responses were emitted. */
  public int emitted() {
    return emitted;
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    return subscriber -> subscriber.onSubscribe(new Emission(subscriber));
  }

  private final class Emission implements Flow.Subscription {
    private final Flow.Subscriber<? super InferResponse> subscriber;
    private long demand;
    private boolean emitting;

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
      while (demand > 0 && emitted < count) {
        demand--;
        subscriber.onNext(responses.apply(emitted++));
        if (emitted == count) {
          subscriber.onComplete();
        }
      }
      emitting = false;
    }

    @Override
    public void cancel() {}
  }
}
