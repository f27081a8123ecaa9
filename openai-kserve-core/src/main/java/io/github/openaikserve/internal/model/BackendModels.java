package io.github.openaikserve.internal.model;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.kserve.RepositoryModel;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * The models of one backend.
 *
 * @param configured the models that are configured for it
 * @param discovered the models that its server lists
 */
public record BackendModels(
    InferenceBackend backend, List<RegisteredModel> configured, List<DiscoveredModels> discovered) {

  private static final Duration WAIT = Duration.ofMillis(500);

  /** Copies the lists. */
  public BackendModels {
    configured = List.copyOf(configured);
    discovered = List.copyOf(discovered);
  }

  /** Returns how many models can be served, as far as is known. Asks nothing. */
  public long available() {
    return configured.stream().filter(RegisteredModel::isAvailable).count()
        + discovered.stream().mapToLong(DiscoveredModels::available).sum();
  }

  /**
   * Asks the server about its models if none is known to be available. Waits for a short time at
   * most, so that a slow server does not delay the answer about readiness. Never fails.
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

  /** Asks about the models that the server lists, or about each if it lists none. */
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

  private static Set<String> names(List<RepositoryModel> index) {
    return index.stream().map(RepositoryModel::name).collect(Collectors.toSet());
  }
}
