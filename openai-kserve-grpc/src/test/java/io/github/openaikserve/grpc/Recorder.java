package io.github.openaikserve.grpc;

import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.testsupport.TestSubscriber;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/** The signals of one call, which requests one response after the other. */
final class Recorder {
  private final TestSubscriber<InferResponse> subscriber =
      new TestSubscriber<InferResponse>(1).requestPerItem(1);

  static Recorder of(Flow.Publisher<InferResponse> publisher) {
    return of(publisher, ended -> {});
  }

  /** Records a call; {@code onEnd} receives it when it has ended. */
  static Recorder of(Flow.Publisher<InferResponse> publisher, Consumer<Recorder> onEnd) {
    var recorder = new Recorder();
    publisher.subscribe(recorder.subscriber.onEnd(() -> onEnd.accept(recorder)));
    return recorder;
  }

  /** Awaits the end of any kind. */
  void awaitEnd() {
    subscriber.awaitEnd();
  }

  boolean hasEnded() {
    return subscriber.hasEnded();
  }

  void cancel() {
    subscriber.cancel();
  }

  boolean hasBegun() {
    return !subscriber.items().isEmpty();
  }

  /** Awaits the first response. */
  InferResponse first() {
    return subscriber.awaitItems(1).get(0);
  }

  /** Awaits the failure. */
  Throwable failure() {
    return subscriber.awaitFailure();
  }

  boolean hasFailed() {
    return subscriber.failure() != null;
  }

  /** Awaits the completion and returns the first text of each response. */
  List<String> texts() {
    return subscriber.awaitCompletion().stream()
        .map(response -> response.outputs().get(0).texts().get(0))
        .toList();
  }
}
