package io.github.openaikserve.testsupport;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.kserve.InferResponse;
import java.util.concurrent.Flow;

/** A backend whose calls are cancelled, but throw when that is asked of them. */
public final class FaultyCancelBackend implements InferenceBackend {
  private final InferenceBackend backend;

  public FaultyCancelBackend(InferenceBackend backend) {
    this.backend = backend;
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    Flow.Publisher<InferResponse> made = backend.infer(call);
    return subscriber -> made.subscribe(new Call(subscriber));
  }

  @Override
  public void close() {
    backend.close();
  }

  private record Call(Flow.Subscriber<? super InferResponse> subscriber)
      implements Flow.Subscriber<InferResponse> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscriber.onSubscribe(
          new Flow.Subscription() {
            @Override
            public void request(long n) {
              subscription.request(n);
            }

            @Override
            public void cancel() {
              subscription.cancel();
              throw new IllegalStateException("cancel");
            }
          });
    }

    @Override
    public void onNext(InferResponse response) {
      subscriber.onNext(response);
    }

    @Override
    public void onError(Throwable failure) {
      subscriber.onError(failure);
    }

    @Override
    public void onComplete() {
      subscriber.onComplete();
    }
  }
}
