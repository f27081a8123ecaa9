package io.github.openaikserve.testing;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.RepositoryModel;
import io.github.openaikserve.time.Scheduler;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A backend that answers every call from a script and remembers the calls. Thread-safe.
 *
 * <p>Keeps the contract of {@link InferenceBackend#infer}. Answers on the thread that asks for
 * more, unless a delay is set, when a thread of the JDK's does. {@link #tokens} speaks as AnyServe
 * does.
 */
public final class FakeBackend implements InferenceBackend {
  private final Function<InferCall, FakeReply> script;
  private final List<InferCall> calls = new CopyOnWriteArrayList<>();
  private final AtomicInteger cancellations = new AtomicInteger();
  private volatile Optional<List<RepositoryModel>> repository = Optional.empty();
  private volatile @Nullable Scheduler scheduler;
  private volatile boolean ready = true;
  private volatile boolean closed;

  private FakeBackend(Function<InferCall, FakeReply> script) {
    this.script = script;
  }

  /**
   * Answers as AnyServe's worker does: on a stream one response per token and a last one that says
   * {@code stop}, on a unary call all of them as one text.
   */
  public static FakeBackend tokens(String... tokens) {
    List<String> copy = List.of(tokens);
    return answering(call -> FakeReply.of(AnyServeReplies.to(call, copy)));
  }

  /** Answers every call with the same responses. */
  public static FakeBackend responses(InferResponse... responses) {
    List<InferResponse> copy = List.of(responses);
    return answering(call -> FakeReply.of(copy));
  }

  /** Fails every call before its first response. */
  public static FakeBackend failing(BackendCode code, String message) {
    return answering(
        call -> FakeReply.of(List.of()).thenFails(new BackendException(code, message)));
  }

  /** Answers each call as {@code script} says; it is asked when the call is subscribed to. */
  public static FakeBackend answering(Function<InferCall, FakeReply> script) {
    return new FakeBackend(Objects.requireNonNull(script, "script"));
  }

  /** What delays wait by from now on; a timer of the JDK's at first. */
  public FakeBackend scheduler(Scheduler scheduler) {
    this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
    return this;
  }

  /** What {@link #ready()} answers from now on; true at first. */
  public FakeBackend ready(boolean ready) {
    this.ready = ready;
    return this;
  }

  /**
   * The models that {@link #repositoryIndex} lists as ready from now on; it knows none at first.
   */
  public FakeBackend repository(String... models) {
    repository =
        Optional.of(
            Stream.of(models).map(name -> new RepositoryModel(name, "", "READY", "")).toList());
    return this;
  }

  @Override
  public CompletionStage<Optional<List<RepositoryModel>>> repositoryIndex() {
    return CompletableFuture.completedFuture(repository);
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    Objects.requireNonNull(call, "call");
    return new FakeCall(call, this::begin, cancellations::incrementAndGet, scheduler);
  }

  private Reply begin(InferCall call) {
    calls.add(call);
    if (closed) {
      return Reply.failing(new BackendException(BackendCode.UNAVAILABLE, "The backend is closed."));
    }
    return Reply.of(script.apply(call));
  }

  @Override
  public CompletionStage<Optional<Boolean>> ready() {
    return CompletableFuture.completedFuture(Optional.of(ready && !closed));
  }

  @Override
  public void close() {
    closed = true;
  }

  /** The calls that were made, in order: those whose publisher was subscribed to. */
  public List<InferCall> calls() {
    return List.copyOf(calls);
  }

  /**
   * The request of the only call.
   *
   * @throws IllegalStateException if there was none, or more than one
   */
  public InferRequest onlyRequest() {
    List<InferCall> made = calls();
    if (made.size() != 1) {
      throw new IllegalStateException("expected one call, but there were " + made.size());
    }
    return made.get(0).request();
  }

  /** How many calls were cancelled before they had ended. */
  public int cancellations() {
    return cancellations.get();
  }

  /** Whether {@link #close} was called. */
  public boolean isClosed() {
    return closed;
  }
}
