package io.github.openaikserve.internal.engine;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.kserve.RepositoryModel;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models that a server lists as ready, remembered once it has told. Thread-safe. */
public final class ServerModels {
  private static final Logger log = LoggerFactory.getLogger(ServerModels.class);

  /** More than any server holds; what lies beyond is not listed. */
  private static final int MAX_MODELS = 10_000;

  private final InferenceBackend backend;
  private final Function<String, Route> toRoute;
  private final Asking asking = new Asking();
  private volatile Map<String, Route> lastKnown = Map.of();

  /**
   * The models of a server.
   *
   * @param toRoute makes the route of a model by the server's name for it
   */
  public ServerModels(InferenceBackend backend, Function<String, Route> toRoute) {
    this.backend = backend;
    this.toRoute = toRoute;
  }

  /** What reaches the server. */
  InferenceBackend backend() {
    return backend;
  }

  Optional<Route> lastKnown(String name) {
    return Optional.ofNullable(lastKnown.get(name));
  }

  Collection<Route> lastKnown() {
    return lastKnown.values();
  }

  /** Asks the server, unless somebody is asking already. Never fails. */
  CompletableFuture<Void> ask() {
    return asking.ask(
        () -> index().thenAccept(this::remember).whenComplete((done, failure) -> note(failure)));
  }

  private CompletionStage<Optional<List<RepositoryModel>>> index() {
    try {
      return backend.repositoryIndex();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static void note(@Nullable Throwable failure) {
    if (failure != null) {
      log.debug("the server did not tell its models", failure);
    }
  }

  private void remember(Optional<List<RepositoryModel>> index) {
    Map<String, Route> before = lastKnown;
    Map<String, Route> now = new LinkedHashMap<>();
    for (RepositoryModel model : index.orElse(List.of())) {
      boolean ready = model.state().isEmpty() || model.state().equals("READY");
      if (ready && now.size() < MAX_MODELS && !now.containsKey(model.name())) {
        Route known = before.get(model.name());
        now.put(model.name(), known == null ? toRoute.apply(model.name()) : known);
      }
    }
    lastKnown = now;
  }
}
