package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.FakeReply;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A model server that can be taken down, silenced and told how to answer. Thread-safe. */
final class SimulatedServer implements InferenceBackend {
  /** How the server is at the moment. */
  enum State {
    UP,
    /** Connections are refused. */
    DOWN,
    /** Connections are accepted and nothing is answered. */
    SILENT
  }

  static BackendException refused() {
    return new BackendException(
        BackendCode.UNAVAILABLE, "The model server could not be reached: connection refused.");
  }

  private final AtomicInteger healthChecks = new AtomicInteger();
  private final FakeBackend server = FakeBackend.answering(this::reply);
  private volatile State state = State.UP;
  private volatile Function<InferCall, FakeReply> answers =
      call -> FakeReply.of(List.of(Probe.RESPONSE));

  SimulatedServer is(State state) {
    this.state = state;
    return this;
  }

  SimulatedServer answers(Function<InferCall, FakeReply> answers) {
    this.answers = answers;
    return this;
  }

  SimulatedServer reports(BackendCode code, String words) {
    return answers(
        call -> FakeReply.of(List.of()).thenFails(BackendException.fromServer(code, words)));
  }

  private FakeReply reply(InferCall call) {
    return switch (state) {
      case UP -> answers.apply(call);
      case DOWN -> FakeReply.of(List.of()).thenFails(refused());
      case SILENT -> FakeReply.of(List.of()).thenHangs();
    };
  }

  int calls() {
    return server.calls().size();
  }

  int cancellations() {
    return server.cancellations();
  }

  int healthChecks() {
    return healthChecks.get();
  }

  boolean isClosed() {
    return server.isClosed();
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    return server.infer(call);
  }

  @Override
  public CompletionStage<Optional<Boolean>> ready() {
    healthChecks.incrementAndGet();
    return switch (state) {
      case UP -> CompletableFuture.completedFuture(Optional.of(true));
      case DOWN -> CompletableFuture.failedFuture(refused());
      case SILENT -> new CompletableFuture<>();
    };
  }

  @Override
  public void close() {
    server.close();
  }
}
