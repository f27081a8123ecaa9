package io.github.openaikserve.internal.model;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.OpenAiException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The models by the names that are known so far: configured names, names that servers report for
 * configured models, and models that servers have listed. Thread-safe.
 */
final class KnownModels {
  private final ConfiguredModels configured;
  private final List<UpstreamName> reported;
  private final List<DiscoveredModels> discovered;

  KnownModels(
      ConfiguredModels configured, List<UpstreamName> reported, List<DiscoveredModels> discovered) {
    this.configured = configured;
    this.reported = reported;
    this.discovered = discovered;
  }

  /** Returns the configured models, and the models that servers have listed. */
  Stream<RegisteredModel> all() {
    return Stream.concat(
        configured.models(), discovered.stream().flatMap(server -> server.lastKnown().stream()));
  }

  /** Returns the models by their names. Omits models that their servers report as missing. */
  Map<String, RegisteredModel> names() {
    Map<String, RegisteredModel> names = configured.available();
    for (UpstreamName upstream : reported) {
      upstream.lastKnown().ifPresent(name -> names.putIfAbsent(name, upstream.model()));
    }
    discovered.stream()
        .flatMap(server -> server.lastKnown().stream())
        .filter(model -> model.known().isPresent() && !model.isMissing())
        .forEach(
            model -> {
              names.putIfAbsent(model.id(), model);
              model.names().adapters().keySet().forEach(id -> names.putIfAbsent(id, model));
            });
    return names;
  }

  /**
   * Returns the model with a name; see {@link #lookup}.
   *
   * @throws OpenAiException if there is none
   */
  RegisteredModel require(String name) {
    return lookup(name).orElseThrow(() -> unknown(name));
  }

  /**
   * Returns the failure for an unknown name: retryable if a server is loading the model, otherwise
   * 404.
   */
  private OpenAiException unknown(String name) {
    return discovered.stream().anyMatch(server -> server.isLoading(name))
        ? ModelAvailability.notReady(name)
        : InvalidRequestException.modelNotFound(name);
  }

  /**
   * Returns the model with a name, or the base model of an adapter with that name. Sends nothing.
   */
  Optional<RegisteredModel> lookup(String name) {
    Stream<RegisteredModel> named =
        reported.stream()
            .filter(upstream -> upstream.lastKnown().filter(name::equals).isPresent())
            .map(UpstreamName::model);
    Stream<RegisteredModel> listed =
        discovered.stream().flatMap(server -> server.lastKnown(name).stream());
    return Optional.ofNullable(configured.get(name))
        .or(() -> Stream.concat(named, listed).findFirst())
        .or(() -> all().filter(model -> model.adapter(name).isPresent()).findFirst());
  }

  /** Asks the servers of configured models for their names. The futures never fail. */
  Stream<CompletableFuture<Void>> refreshReported() {
    return reported.stream().map(UpstreamName::refresh);
  }
}
