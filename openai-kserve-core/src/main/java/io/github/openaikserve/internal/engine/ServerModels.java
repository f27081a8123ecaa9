package io.github.openaikserve.internal.engine;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.kserve.RepositoryModel;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models that a server lists as ready, remembered once it has told. Thread-safe. */
public final class ServerModels {
  private static final Logger log = LoggerFactory.getLogger(ServerModels.class);

  /** More than any server holds; what lies beyond is not listed. */
  private static final int MAX_MODELS = 10_000;

  /** How many models are asked about at the same time. */
  private static final int AT_ONCE = 8;

  private final InferenceBackend backend;
  private final Function<String, ServedModel> toModel;
  private final Asking asking;
  private volatile Map<String, ServedModel> lastKnown = Map.of();
  private volatile Optional<Throwable> failure = Optional.empty();

  /**
   * The models of a server.
   *
   * @param toModel makes a model by the server's name for it
   */
  public ServerModels(
      InferenceBackend backend, Function<String, ServedModel> toModel, InstantSource clock) {
    this.backend = backend;
    this.toModel = toModel;
    this.asking = new Asking(clock);
  }

  /** What reaches the server. */
  InferenceBackend backend() {
    return backend;
  }

  Optional<ServedModel> lastKnown(String name) {
    return Optional.ofNullable(lastKnown.get(name));
  }

  /** Those that the server lists, whether they can be served or not. */
  Collection<ServedModel> lastKnown() {
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
                .thenAccept(this::remember)
                .handle(
                    (done, failed) -> {
                      if (failed != null) {
                        log.debug("the server did not tell its models", failed);
                      }
                      failure = Optional.ofNullable(failed);
                      return Asking.REST;
                    }));
  }

  /** Asks for the names, and about each model of which it is not known how it is spoken to. */
  CompletableFuture<Void> askAboutAll() {
    return ask()
        .thenCompose(
            done -> {
              Queue<ServedModel> models = new ConcurrentLinkedQueue<>(lastKnown.values());
              return CompletableFuture.allOf(
                  Stream.generate(() -> askAboutEach(models))
                      .limit(AT_ONCE)
                      .toArray(CompletableFuture<?>[]::new));
            });
  }

  private static CompletableFuture<Void> askAboutEach(Queue<ServedModel> models) {
    for (ServedModel model = models.poll(); model != null; model = models.poll()) {
      CompletableFuture<Void> asked = model.ask();
      if (!asked.isDone()) {
        return asked.thenCompose(done -> askAboutEach(models));
      }
    }
    return CompletableFuture.completedFuture(null);
  }

  private void remember(Optional<List<RepositoryModel>> index) {
    Map<String, ServedModel> before = lastKnown;
    Map<String, ServedModel> now = new LinkedHashMap<>();
    for (RepositoryModel model : index.orElse(List.of())) {
      boolean ready = model.state().isEmpty() || model.state().equals("READY");
      if (ready && now.size() < MAX_MODELS && !now.containsKey(model.name())) {
        ServedModel known = before.get(model.name());
        now.put(model.name(), known == null ? toModel.apply(model.name()) : known);
      }
    }
    lastKnown = now;
  }
}
