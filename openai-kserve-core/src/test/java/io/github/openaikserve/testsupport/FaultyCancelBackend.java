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
    return subscriber ->
        made.subscribe(
            new RelayedCall(subscriber) {
              @Override
              public void cancel() {
                super.cancel();
                throw new IllegalStateException("cancel");
              }
            });
  }

  @Override
  public void close() {
    backend.close();
  }
}
