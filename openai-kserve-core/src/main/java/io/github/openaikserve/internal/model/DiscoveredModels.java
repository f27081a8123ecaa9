package io.github.openaikserve.internal.model;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.RepositoryModel;
import io.github.openaikserve.kserve.ServerMetadata;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models that a server lists as ready, remembered once it has told. Thread-safe. */
public final class DiscoveredModels {
  private static final Logger log = LoggerFactory.getLogger(DiscoveredModels.class);

  /** More than any server holds; what lies beyond is not listed. */
  private static final int MAX_MODELS = 10_000;

  /** The beginning of AnyServe's name for its dispatcher and for its worker. */
  private static final String ANYSERVE = "anyserve";

  /** How many models are asked about at the same time. */
  private static final int AT_ONCE = 8;

  private final InferenceBackend backend;
  private final Function<String, RegisteredModel> toModel;
  private final SingleFlight asking;
  private volatile Map<String, RegisteredModel> lastKnown = Map.of();
  private volatile Optional<Throwable> failure = Optional.empty();

  /**
   * The models of a server.
   *
   * @param toModel makes a model by the server's name for it
   */
  public DiscoveredModels(
      InferenceBackend backend, Function<String, RegisteredModel> toModel, InstantSource clock) {
    this.backend = backend;
    this.toModel = toModel;
    this.asking = new SingleFlight(clock);
  }

  /** What reaches the server. */
  InferenceBackend backend() {
    return backend;
  }

  Optional<RegisteredModel> lastKnown(String name) {
    return Optional.ofNullable(lastKnown.get(name));
  }

  /** Those that the server lists, whether they can be served or not. */
  Collection<RegisteredModel> lastKnown() {
    return lastKnown.values();
  }

  /** Why the server did not list its models the last time; empty when it did. */
  Optional<Throwable> failure() {
    return failure;
  }

  /** Asks the server for the names of its models, unless somebody does already. Never fails. */
  CompletableFuture<Void> ask() {
    return asking.ask(
        () ->
            backend
                .repositoryIndex()
                .thenCompose(this::remember)
                .handle(
                    (done, failed) -> {
                      report(failed);
                      return SingleFlight.REST;
                    }));
  }

  /** Asks for the names, and about each model of which it is not known how it is spoken to. */
  CompletableFuture<Void> askAboutAll() {
    return ask()
        .thenCompose(
            done -> {
              Queue<RegisteredModel> models = new ConcurrentLinkedQueue<>(lastKnown.values());
              return CompletableFuture.allOf(
                  Stream.generate(() -> askAboutEach(models))
                      .limit(AT_ONCE)
                      .toArray(CompletableFuture<?>[]::new));
            });
  }

  private static CompletableFuture<Void> askAboutEach(Queue<RegisteredModel> models) {
    for (RegisteredModel model = models.poll(); model != null; model = models.poll()) {
      CompletableFuture<Void> asked = model.ask();
      if (!asked.isDone()) {
        return asked.thenCompose(done -> askAboutEach(models));
      }
    }
    return CompletableFuture.completedFuture(null);
  }

  /** Logs a failure once, however often the models are asked for. */
  private void report(@Nullable Throwable failed) {
    Throwable cause = failed instanceof CompletionException ? failed.getCause() : failed;
    String before = failure.map(Throwable::getMessage).orElse("");
    if (cause != null && !before.equals(cause.getMessage())) {
      log.warn("models cannot be discovered: {}", cause.getMessage());
    }
    failure = Optional.ofNullable(cause);
  }

  private CompletionStage<Void> remember(Optional<List<RepositoryModel>> index) {
    remember(index.orElse(List.of()));
    return index.isPresent()
        ? CompletableFuture.completedFuture(null)
        : backend.serverMetadata().thenCompose(DiscoveredModels::listsNothing);
  }

  private static CompletableFuture<Void> listsNothing(Optional<ServerMetadata> server) {
    String name = server.map(ServerMetadata::name).orElse("");
    String message = "The server does not list its models: configure each one by its name.";
    if (name.startsWith(ANYSERVE)) {
      message =
          "The server is an AnyServe (%s), which does not list its models: configure each one with the dialect 'anyserve' (the reference server has --anyserve-endpoint HOST:PORT for it)."
              .formatted(name);
    }
    return CompletableFuture.failedFuture(new BackendException(BackendCode.UNIMPLEMENTED, message));
  }

  private void remember(List<RepositoryModel> index) {
    Map<String, RegisteredModel> before = lastKnown;
    Map<String, RegisteredModel> now = new LinkedHashMap<>();
    for (RepositoryModel model : index) {
      boolean ready = model.state().isEmpty() || model.state().equals("READY");
      if (ready && now.size() < MAX_MODELS && !now.containsKey(model.name())) {
        RegisteredModel known = before.get(model.name());
        now.put(model.name(), known == null ? toModel.apply(model.name()) : known);
      }
    }
    lastKnown = now;
  }
}
