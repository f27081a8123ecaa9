package io.github.openaikserve.grpc;

import io.github.openaikserve.kserve.InferResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Takes everything, asking for a few at a time, and lets a test wait for the end. */
final class Recorder implements Flow.Subscriber<InferResponse> {
  private static final long PATIENCE = 20;

  final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  final CompletableFuture<InferResponse> first = new CompletableFuture<>();
  private final CompletableFuture<Optional<Throwable>> end = new CompletableFuture<>();
  private final List<InferResponse> responses = new ArrayList<>();

  static Recorder of(Flow.Publisher<InferResponse> publisher) {
    var recorder = new Recorder();
    publisher.subscribe(recorder);
    return recorder;
  }

  /** Waits until it has ended, however that was. */
  void awaitEnd() throws Exception {
    end.get(PATIENCE, TimeUnit.SECONDS);
  }

  boolean hasEnded() {
    return end.isDone();
  }

  /** Runs an action when it has ended, with the failure if there is one. */
  void whenEnded(Consumer<Optional<Throwable>> action) {
    var unused = end.thenAccept(action);
  }

  /** The failure that ended it. */
  Throwable failure() throws Exception {
    return end.get(PATIENCE, TimeUnit.SECONDS)
        .orElseThrow(() -> new AssertionError("it completed with " + responses));
  }

  /** The first text of each response, once it has completed. */
  List<String> texts() throws Exception {
    Optional<Throwable> failure = end.get(PATIENCE, TimeUnit.SECONDS);
    if (failure.isPresent()) {
      throw new AssertionError("it failed", failure.get());
    }
    return responses.stream().map(r -> r.outputs().get(0).texts().get(0)).toList();
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription.complete(subscription);
    subscription.request(1);
  }

  @Override
  public void onNext(InferResponse item) {
    responses.add(item);
    first.complete(item);
    subscription.join().request(1);
  }

  @Override
  public void onError(Throwable failure) {
    end.complete(Optional.of(failure));
  }

  @Override
  public void onComplete() {
    end.complete(Optional.empty());
  }
}
