package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ServerMetadata;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.time.Scheduler;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A model server that can be stopped and silenced, with answers of a test. Thread-safe. */
final class SimulatedServer implements InferenceBackend {
  /** How the server is at the moment. */
  enum State {
    UP,
    /** Calls are answered, and the server reports that it is not ready. */
    NOT_READY,
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
  private final AtomicInteger questions = new AtomicInteger();
  private final AtomicInteger closes = new AtomicInteger();
  private final List<CompletableFuture<Optional<Boolean>>> unanswered =
      new CopyOnWriteArrayList<>();
  private final Queue<SimulatedConnection> connections = new ConcurrentLinkedQueue<>();
  private final FakeBackend server = FakeBackend.answering(this::reply);
  private volatile State state = State.UP;
  private volatile boolean throwsWhenClosed;
  private volatile Function<InferCall, ScriptedResponse> answers =
      call -> ScriptedResponse.of(List.of(Probe.RESPONSE));

  SimulatedServer is(State state) {
    this.state = state;
    return this;
  }

  /** Delays of replies pass in simulated time. */
  SimulatedServer inSimulatedTime(Scheduler time) {
    server.scheduler(time);
    return this;
  }

  SimulatedServer answers(Function<InferCall, ScriptedResponse> answers) {
    this.answers = answers;
    return this;
  }

  SimulatedServer reports(BackendCode code, String words) {
    return answers(
        call -> ScriptedResponse.of(List.of()).thenFails(BackendException.fromServer(code, words)));
  }

  void throwsWhenClosed() {
    throwsWhenClosed = true;
  }

  private ScriptedResponse reply(InferCall call) {
    return switch (state) {
      case UP, NOT_READY -> answers.apply(call);
      case DOWN -> ScriptedResponse.of(List.of()).thenFails(refused());
      case SILENT -> ScriptedResponse.of(List.of()).thenHangs();
    };
  }

  int calls() {
    return server.calls().size();
  }

  List<InferCall> received() {
    return server.calls();
  }

  int cancellations() {
    return server.cancellations();
  }

  int healthChecks() {
    return healthChecks.get();
  }

  int questions() {
    return questions.get();
  }

  int closes() {
    return closes.get();
  }

  boolean isClosed() {
    return server.isClosed();
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    return subscriber -> {
      var connection = new SimulatedConnection(subscriber);
      connections.removeIf(SimulatedConnection::hasEnded);
      connections.add(connection);
      server.infer(call).subscribe(connection);
    };
  }

  /** Refuses connections and loses those that are open; returns how many answers were cut off. */
  int kill() {
    is(State.DOWN);
    return loseConnections();
  }

  /** Loses the connections that are open; returns how many answers were cut off. */
  int loseConnections() {
    List<SimulatedConnection> open = List.copyOf(connections);
    connections.clear();
    return (int) open.stream().filter(SimulatedConnection::lose).count();
  }

  @Override
  public CompletionStage<Optional<Boolean>> ready() {
    healthChecks.incrementAndGet();
    return switch (state) {
      case UP, NOT_READY -> CompletableFuture.completedFuture(Optional.of(state == State.UP));
      case DOWN -> CompletableFuture.failedFuture(refused());
      case SILENT -> unanswered();
    };
  }

  private CompletableFuture<Optional<Boolean>> unanswered() {
    var answer = new CompletableFuture<Optional<Boolean>>();
    unanswered.add(answer);
    return answer;
  }

  /** Answers the health checks that were left unanswered. */
  void answerHealthChecks() {
    unanswered.forEach(answer -> answer.complete(Optional.of(true)));
  }

  @Override
  public CompletionStage<Optional<ServerMetadata>> serverMetadata() {
    questions.incrementAndGet();
    return switch (state) {
      case UP, NOT_READY ->
          CompletableFuture.completedFuture(
              Optional.of(new ServerMetadata("simulated", "1", List.of())));
      case DOWN -> CompletableFuture.failedFuture(refused());
      case SILENT -> new CompletableFuture<>();
    };
  }

  @Override
  public void close() {
    closes.incrementAndGet();
    if (throwsWhenClosed) {
      throw new IllegalStateException("from a backend");
    }
    server.close();
  }
}
