package io.github.openaikserve.internal.model;

import io.github.openaikserve.backend.InferenceBackend;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The models of one backend.
 *
 * @param configured the models that are configured for it
 * @param discovered the models that its server lists
 */
public record BackendModels(
    InferenceBackend backend, List<RegisteredModel> configured, List<DiscoveredModels> discovered) {

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

  /** Asks the server about models that are not known to be available. Never fails. */
  public CompletableFuture<Void> settle() {
    Stream<CompletableFuture<Void>> questions =
        Stream.concat(
            configured.stream().flatMap(model -> Stream.of(model.detect(), model.recheck())),
            discovered.stream()
                .filter(server -> server.available() == 0)
                .map(DiscoveredModels::detectAll));
    return CompletableFuture.allOf(questions.toArray(CompletableFuture<?>[]::new));
  }
}
