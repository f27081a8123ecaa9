package io.github.openaikserve.internal.model;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.kserve.RepositoryIndexEntry;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The models of one backend.
 *
 * @param configured the models configured for the backend
 * @param discovered the models that the backend's server lists
 */
public record BackendModels(
    InferenceBackend backend, List<RegisteredModel> configured, List<DiscoveredModels> discovered) {

  private static final Duration WAIT = Duration.ofMillis(500);

  /** Copies the lists. */
  public BackendModels {
    configured = List.copyOf(configured);
    discovered = List.copyOf(discovered);
  }

  /** Returns all distinct backends with their models. */
  static List<BackendModels> of(List<RegisteredModel> models, List<DiscoveredModels> servers) {
    Set<InferenceBackend> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
    return Stream.concat(
            models.stream().map(model -> model.configured().backend()),
            servers.stream().map(DiscoveredModels::backend))
        .filter(distinct::add)
        .map(
            backend ->
                new BackendModels(
                    backend,
                    models.stream().filter(m -> m.configured().backend() == backend).toList(),
                    servers.stream().filter(s -> s.backend() == backend).toList()))
        .toList();
  }

  /**
   * Returns the number of models that can be served according to the last known state. Sends
   * nothing.
   */
  public long available() {
    return configured.stream().filter(RegisteredModel::isAvailable).count()
        + discovered.stream().mapToLong(DiscoveredModels::available).sum();
  }

  /**
   * Queries the server about its models if no model is known to be available. The wait is short, so
   * that a slow server does not delay the readiness check. Never fails.
   */
  public CompletableFuture<Void> settle(Scheduler scheduler) {
    return available() > 0
        ? CompletableFuture.completedFuture(null)
        : SingleFlight.ask(this::askForAny, WAIT, scheduler).handle((done, late) -> null);
  }

  private CompletableFuture<Void> askForAny() {
    List<CompletableFuture<Void>> questions = new ArrayList<>();
    configured.forEach(model -> questions.add(model.detect()));
    discovered.forEach(server -> questions.add(server.detectAll()));
    if (configured.stream().anyMatch(model -> model.known().isPresent())) {
      questions.add(recheck());
    }
    return CompletableFuture.allOf(questions.toArray(CompletableFuture<?>[]::new));
  }

  /** Queries the models that the server lists, or each model if the server lists none. */
  private CompletableFuture<Void> recheck() {
    return backend
        .repositoryIndex()
        .exceptionally(failure -> Optional.empty())
        .thenCompose(index -> recheck(index.map(BackendModels::names)))
        .toCompletableFuture();
  }

  private CompletableFuture<Void> recheck(Optional<Set<String>> listed) {
    return CompletableFuture.allOf(
        configured.stream()
            .filter(model -> listed.isEmpty() || isIn(listed.get(), model))
            .map(RegisteredModel::recheck)
            .toArray(CompletableFuture<?>[]::new));
  }

  private static boolean isIn(Set<String> listed, RegisteredModel model) {
    return listed.contains(model.configured().modelName());
  }

  private static Set<String> names(List<RepositoryIndexEntry> index) {
    return index.stream().map(RepositoryIndexEntry::name).collect(Collectors.toSet());
  }
}
