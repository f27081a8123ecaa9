package io.github.openaikserve.testing;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.RepositoryIndexEntry;
import io.github.openaikserve.kserve.ServerMetadata;
import io.github.openaikserve.time.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A backend for tests that answers every call from a script and records the calls. Thread-safe.
 *
 * <p>Follows the contract of {@link InferenceBackend#infer}. Signals arrive on the thread that
 * requests them, or on a thread of the JDK's timer if a delay is set. {@link #tokens} and {@link
 * #answers} use AnyServe's dialect.
 *
 * <p>Readers read ahead: a {@code ChunkStream} reads 32 chunks plus the responses that fit into its
 * buffers. A test that closes a stream early therefore sees a {@link #cancellations cancellation}
 * only if more responses are left, or if the reply {@link ScriptedResponse#thenHangs hangs}.
 */
public final class FakeBackend implements InferenceBackend {
  private final Function<InferCall, ScriptedResponse> script;
  private final List<InferCall> calls = new CopyOnWriteArrayList<>();
  private final AtomicInteger cancellations = new AtomicInteger();
  private volatile Optional<List<RepositoryIndexEntry>> repository = Optional.empty();
  private volatile @Nullable Scheduler scheduler;
  private volatile Optional<ServerMetadata> server = Optional.empty();
  private final Map<String, ModelDescription> models = new ConcurrentHashMap<>();
  private volatile boolean ready = true;
  private volatile boolean closed;

  private FakeBackend(Function<InferCall, ScriptedResponse> script) {
    this.script = script;
  }

  /** Returns a backend that answers each call with {@link ScriptedResponse#tokens these tokens}. */
  public static FakeBackend tokens(String... tokens) {
    return answers(List.of(tokens));
  }

  /**
   * Returns a backend that answers the first call with the {@link ScriptedResponse#tokens tokens}
   * of the first list, the second call with those of the second, and so on; further calls with
   * those of the last list.
   */
  @SafeVarargs
  public static FakeBackend answers(List<String>... answers) {
    List<List<String>> copy = new ArrayList<>();
    for (List<String> answer : answers) {
      copy.add(List.copyOf(answer));
    }
    if (copy.isEmpty()) {
      throw new IllegalArgumentException("at least one answer is required");
    }
    var next = new AtomicInteger();
    return answering(
        call -> {
          int turn = ScriptedResponse.isModelInfo(call) ? next.get() : next.getAndIncrement();
          List<String> tokens = copy.get(Math.min(turn, copy.size() - 1));
          return ScriptedResponse.tokens(call, tokens.toArray(String[]::new));
        });
  }

  /** Returns a backend that answers every call with the same responses. */
  public static FakeBackend responses(InferResponse... responses) {
    List<InferResponse> copy = List.of(responses);
    return answering(call -> ScriptedResponse.of(copy));
  }

  /** Returns a backend that fails every call before its first response. */
  public static FakeBackend failing(BackendCode code, String message) {
    return answering(
        call -> ScriptedResponse.of(List.of()).thenFails(new BackendException(code, message)));
  }

  /** Returns a backend that calls {@code script} for each call and sends its reply. */
  public static FakeBackend answering(Function<InferCall, ScriptedResponse> script) {
    return new FakeBackend(Objects.requireNonNull(script, "script"));
  }

  /** Sets the timer for delays (default: the JDK's timer). */
  public FakeBackend scheduler(Scheduler scheduler) {
    this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
    return this;
  }

  /** Sets the result of {@link #ready()} (default: true). */
  public FakeBackend ready(boolean ready) {
    this.ready = ready;
    return this;
  }

  /** Sets the models that {@link #repositoryIndex} lists as ready (default: no index). */
  public FakeBackend repository(String... models) {
    repository =
        Optional.of(
            Stream.of(models)
                .map(name -> new RepositoryIndexEntry(name, "", "READY", ""))
                .toList());
    return this;
  }

  /** Sets the result of {@link #serverMetadata()} (default: empty). */
  public FakeBackend serverMetadata(ServerMetadata server) {
    this.server = Optional.of(server);
    return this;
  }

  /**
   * Adds a model that {@link #modelMetadata} and {@link #modelConfig} report for any version
   * (default: none). Its {@link ModelDescription#server} is ignored.
   */
  public FakeBackend describe(ModelDescription model) {
    models.put(model.modelName(), model);
    return this;
  }

  @Override
  public CompletionStage<Optional<ServerMetadata>> serverMetadata() {
    return CompletableFuture.completedFuture(server);
  }

  @Override
  public CompletionStage<Optional<ModelMetadata>> modelMetadata(
      String modelName, String modelVersion) {
    return CompletableFuture.completedFuture(
        Optional.ofNullable(models.get(modelName)).flatMap(ModelDescription::metadata));
  }

  @Override
  public CompletionStage<Optional<ModelConfig>> modelConfig(String modelName, String modelVersion) {
    return CompletableFuture.completedFuture(
        Optional.ofNullable(models.get(modelName)).flatMap(ModelDescription::config));
  }

  @Override
  public CompletionStage<Optional<List<RepositoryIndexEntry>>> repositoryIndex() {
    return CompletableFuture.completedFuture(repository);
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    Objects.requireNonNull(call, "call");
    return new FakeCall(call, this::begin, cancellations::incrementAndGet, scheduler);
  }

  private ScriptedResponse begin(InferCall call) {
    calls.add(call);
    if (closed) {
      return ScriptedResponse.of(List.of())
          .thenFails(new BackendException(BackendCode.UNAVAILABLE, "The backend is closed."));
    }
    return script.apply(call);
  }

  @Override
  public CompletionStage<Optional<Boolean>> ready() {
    return CompletableFuture.completedFuture(Optional.of(ready && !closed));
  }

  @Override
  public void close() {
    closed = true;
  }

  /**
   * Returns the calls in order of subscription. Calls whose publisher has no subscriber are not
   * included.
   */
  public List<InferCall> calls() {
    return List.copyOf(calls);
  }

  /**
   * Returns the request of the only call.
   *
   * @throws IllegalStateException if there was not exactly one call
   */
  public InferRequest onlyRequest() {
    List<InferCall> made = calls();
    if (made.size() != 1) {
      throw new IllegalStateException("expected exactly one call, but there were " + made.size());
    }
    return made.get(0).request();
  }

  /** Returns the number of calls that were cancelled before their end. */
  public int cancellations() {
    return cancellations.get();
  }

  /** Returns whether {@link #close} was called. */
  public boolean isClosed() {
    return closed;
  }
}
