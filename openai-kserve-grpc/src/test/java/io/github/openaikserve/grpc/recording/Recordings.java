package io.github.openaikserve.grpc.recording;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testsupport.TestSubscriber;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
    return outcome(start(backend, call, Integer.MAX_VALUE));
  }

  /** Waits for the end of a call. */
  static Outcome outcome(TestSubscriber<InferResponse> call) {
    call.awaitEnd();
    return new Outcome(call.items(), call.failure());
  }

  /** Makes the call and cancels it with the response of that number; 0 for at once. */
  static TestSubscriber<InferResponse> start(
      InferenceBackend backend, InferCall call, int cancelAfter) {
    var subscriber = new TestSubscriber<InferResponse>().cancelOnItem(cancelAfter);
    backend.infer(call).subscribe(subscriber);
    if (cancelAfter == 0) {
      subscriber.cancel();
    } else {
      subscriber.request(Long.MAX_VALUE);
    }
    return subscriber;
  }
}
