package io.github.openaikserve.internal.model;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.dialect.ModelCheck;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.time.Scheduler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the route of a model by any of its names. Thread-safe. */
public final class ModelRegistry {
  private final Map<String, RegisteredModel> byName = new LinkedHashMap<>();
  private final List<UpstreamName> reported = new ArrayList<>();
  private final List<DiscoveredModels> discovered;
  private final @Nullable RegisteredModel usual;

  /**
   * Models in order.
   *
   * @param defaultName any name of the default; null for the first model
   * @param discovered models that are served besides
   * @throws IllegalArgumentException if there is none at all, two share a name, or none has the
   *     default's
   */
  public ModelRegistry(
      List<RegisteredModel> models,
      @Nullable String defaultName,
      List<DiscoveredModels> discovered,
      Scheduler scheduler) {
    if (models.isEmpty() && discovered.isEmpty()) {
      throw new IllegalArgumentException("at least one model must be configured");
    }
    this.discovered = List.copyOf(discovered);
    for (RegisteredModel model : models) {
      add(model.configured().id(), model);
      model.configured().aliases().forEach(alias -> add(alias, model));
      reported.add(new UpstreamName(model, scheduler));
    }
    this.usual = usual(models, defaultName);
  }

  private @Nullable RegisteredModel usual(
      List<RegisteredModel> models, @Nullable String defaultName) {
    if (defaultName == null) {
      return models.isEmpty() ? null : models.get(0);
    }
    RegisteredModel named = byName.get(defaultName);
    if (named == null) {
      throw new IllegalArgumentException(
          "the default model '%s' is not configured; there are %s"
              .formatted(defaultName, byName.keySet()));
    }
    return named;
  }

  private void add(String name, RegisteredModel model) {
    RegisteredModel other = byName.put(name, model);
    if (other != null) {
      throw new IllegalArgumentException(
          "two models are named '%s': '%s' and '%s'"
              .formatted(name, other.configured().id(), model.configured().id()));
    }
  }

  /** What reaches the servers, each one once. */
  public List<InferenceBackend> backends() {
    Set<InferenceBackend> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
    return Stream.concat(
            byName.values().stream().map(model -> model.configured().backend()),
            discovered.stream().map(DiscoveredModels::backend))
        .filter(distinct::add)
        .toList();
  }

  /**
   * The route of a name; of the default for null. Asks the servers for their models' names only
   * when the name is not a configured one.
   *
   * @return fails with {@link InvalidRequestException} (404) if no model has the name, or the one
   *     that a server has cannot be served
   */
  public CompletableFuture<Route> find(@Nullable String name) {
    return name == null ? ofNobody().route() : named(name);
  }

  /**
   * Returns the id of the model that a request means, for logs.
   *
   * @param name null for the default
   * @return the name itself if it is not configured; null if there is no default
   */
  public @Nullable String idOf(@Nullable String name) {
    RegisteredModel model = name == null ? usual : byName.get(name);
    return model == null ? name : model.configured().id();
  }

  /** The default, for a request that names no model. */
  private RegisteredModel ofNobody() {
    if (usual == null) {
      throw InvalidRequestException.badValue(
          "model", "missing_required_parameter", "Missing required parameter: 'model'.");
    }
    return usual;
  }

  /**
   * The route of a name, as far as it is known without asking a server; of the default for null.
   *
   * @throws InvalidRequestException if no model is known by the name
   */
  public Route known(@Nullable String name) {
    RegisteredModel model =
        name == null
            ? ofNobody()
            : byAnyName(name).orElseThrow(() -> InvalidRequestException.modelNotFound(name));
    return model.routeIfKnown();
  }

  private CompletableFuture<Route> named(String name) {
    RegisteredModel configured = byName.get(name);
    if (configured != null) {
      return configured.route();
    }
    return byAnyName(name)
        .map(RegisteredModel::route)
        .orElseGet(
            () ->
                askForNames()
                    .thenCompose(
                        nothing ->
                            byAnyName(name)
                                .orElseThrow(() -> InvalidRequestException.modelNotFound(name))
                                .route()))
        .exceptionally(failure -> notServed(name, failure));
  }

  /** A model that nobody configured and that cannot be served is none. */
  private static Route notServed(String name, Throwable failure) {
    Throwable cause = failure instanceof CompletionException e ? e.getCause() : failure;
    if (cause instanceof DialectException) {
      throw InvalidRequestException.modelNotFound(name);
    }
    throw failure instanceof CompletionException e ? e : new CompletionException(failure);
  }

  private Optional<RegisteredModel> byAnyName(String name) {
    return Optional.ofNullable(byName.get(name))
        .or(
            () ->
                reported.stream()
                    .filter(candidate -> candidate.lastKnown().filter(name::equals).isPresent())
                    .findFirst()
                    .map(UpstreamName::model))
        .or(
            () ->
                discovered.stream().flatMap(server -> server.lastKnown(name).stream()).findFirst());
  }

  /** Every name that a model can be called by, without those that a server has not reported yet. */
  public CompletableFuture<List<Model>> list() {
    return all(Stream.concat(
            reported.stream().map(UpstreamName::ask),
            discovered.stream().map(DiscoveredModels::askAboutAll)))
        .thenApply(
            nothing ->
                names().entrySet().stream()
                    .map(entry -> model(entry.getKey(), entry.getValue().configured()))
                    .toList());
  }

  private Map<String, RegisteredModel> names() {
    Map<String, RegisteredModel> names = new LinkedHashMap<>(byName);
    for (UpstreamName candidate : reported) {
      candidate.lastKnown().ifPresent(name -> names.putIfAbsent(name, candidate.model()));
    }
    for (DiscoveredModels server : discovered) {
      server.lastKnown().stream()
          .filter(model -> model.known().isPresent())
          .forEach(model -> names.putIfAbsent(model.configured().id(), model));
    }
    return names;
  }

  /**
   * One model by any of its names.
   *
   * @return fails with {@link InvalidRequestException} (404) if no model has the name
   */
  public CompletableFuture<Model> retrieve(String name) {
    RegisteredModel configured = byName.get(name);
    return configured != null
        ? CompletableFuture.completedFuture(model(name, configured.configured()))
        : find(name).thenApply(route -> model(name, route));
  }

  /** Holds every model against what its server tells. Never fails. */
  public CompletableFuture<List<ModelCheck>> check() {
    return all(discovered.stream().map(DiscoveredModels::askAboutAll))
        .thenCompose(
            nothing -> {
              List<CompletableFuture<ModelCheck>> checks =
                  Stream.concat(
                          byName.values().stream().distinct(),
                          discovered.stream().flatMap(server -> server.lastKnown().stream()))
                      .map(ModelChecker::of)
                      .toList();
              return all(checks.stream())
                  .thenApply(
                      done ->
                          Stream.concat(
                                  checks.stream().map(CompletableFuture::join),
                                  discovered.stream().flatMap(ModelChecker::ofServer))
                              .toList());
            });
  }

  private CompletableFuture<Void> askForNames() {
    return all(
        Stream.concat(
            reported.stream().map(UpstreamName::ask),
            discovered.stream().map(DiscoveredModels::ask)));
  }

  private static CompletableFuture<Void> all(Stream<? extends CompletableFuture<?>> futures) {
    return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new));
  }

  private static Model model(String name, Route route) {
    return new Model(name, route.created(), route.ownedBy());
  }
}
