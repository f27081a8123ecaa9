package io.github.openaikserve.testing;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Calls for recordings, and what comes of them. */
final class Recordings {
  /** What a call gave. */
  record Outcome(List<InferResponse> responses, @Nullable Throwable failure) {}

  private Recordings() {}

  static InferCall call(Tensor... inputs) {
    return InferCall.of(Rpc.MODEL_STREAM_INFER, InferRequest.of("model", "1", List.of(inputs)));
  }

  static ReplayBackend replay(Consumer<ReplayOptions> options, String... lines) {
    byte[] bytes = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    return ReplayBackend.from(new ByteArrayInputStream(bytes), "test.jsonl", options);
  }

  /** Makes the call and waits for its end. */
  static Outcome make(InferenceBackend backend, InferCall call) {
    return start(backend, call, Integer.MAX_VALUE).orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** Makes the call and cancels it with the response of that number. */
  static CompletableFuture<Outcome> start(
      InferenceBackend backend, InferCall call, int cancelAfter) {
    var outcome = new CompletableFuture<Outcome>();
    backend
        .infer(call)
        .subscribe(
            new Flow.Subscriber<>() {
              private final List<InferResponse> responses = new ArrayList<>();
              private Flow.@Nullable Subscription subscription;

              @Override
              public void onSubscribe(Flow.Subscription subscription) {
                this.subscription = subscription;
                if (cancelAfter == 0) {
                  end(null);
                  subscription.cancel();
                } else {
                  subscription.request(Long.MAX_VALUE);
                }
              }

              @Override
              public void onNext(InferResponse response) {
                responses.add(response);
                if (responses.size() == cancelAfter && subscription != null) {
                  subscription.cancel();
                  end(null);
                }
              }

              @Override
              public void onError(Throwable failure) {
                end(failure);
              }

              @Override
              public void onComplete() {
                end(null);
              }

              private void end(@Nullable Throwable failure) {
                outcome.complete(new Outcome(List.copyOf(responses), failure));
              }
            });
    return outcome;
  }
}
