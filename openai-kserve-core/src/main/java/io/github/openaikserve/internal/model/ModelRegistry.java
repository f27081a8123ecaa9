package io.github.openaikserve.internal.model;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.dialect.ModelCheck;
import io.github.openaikserve.dialect.ModelSettings;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.flow.Futures;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The registry of models by all names that clients may use. Thread-safe. */
public final class ModelRegistry {
  /** The maximum time that a list of models waits for the servers of configured models. */
  private static final Duration LIST_WAIT = Duration.ofMillis(500);

  private final Map<String, RegisteredModel> byName = new LinkedHashMap<>();
  private final List<UpstreamName> upstreamNames = new ArrayList<>();
  private final List<DiscoveredModels> discovered;
  private final Map<String, WeightedModels> shared = new LinkedHashMap<>();

  /** The default name that means no default model. */
  public static final String NO_DEFAULT = "";

  private final @Nullable String defaultName;
  private final ModelChecker checker;
  private final Scheduler scheduler;

  /**
   * Creates a registry.
   *
   * @param models the configured models, in order
   * @param shared creates the names that several models share
   * @param defaultName any name of the default model; null for the first one, {@link #NO_DEFAULT}
   *     for none
   * @param discovered the models of servers that list them
   * @throws IllegalArgumentException if there is no model, two models share a name, or no model has
   *     the default name
   */
  public ModelRegistry(
      List<RegisteredModel> models,
      Function<Function<String, RegisteredModel>, List<WeightedModels>> shared,
      @Nullable String defaultName,
      List<DiscoveredModels> discovered,
      Scheduler scheduler) {
    if (models.isEmpty() && discovered.isEmpty()) {
      throw new IllegalArgumentException(
          "no model is configured; add one with model() or discover()");
    }
    this.discovered = List.copyOf(discovered);
    this.checker = new ModelChecker(scheduler);
    this.scheduler = scheduler;
    for (RegisteredModel model : models) {
      add(model.id(), model);
      model.aliases().forEach(alias -> add(alias, model));
      model.adapters().ids().forEach(adapter -> add(adapter, model));
      upstreamNames.add(new UpstreamName(model, scheduler));
    }
    shared.apply(this::requireConfigured).forEach(this::add);
    this.defaultName = defaultName(models, defaultName);
  }

  private @Nullable String defaultName(List<RegisteredModel> models, @Nullable String name) {
    if (NO_DEFAULT.equals(name)) {
      return null;
    }
    if (name == null) {
      return models.isEmpty() ? null : models.get(0).id();
    }
    if (!byName.containsKey(name) && !shared.containsKey(name)) {
      throw new IllegalArgumentException(
          "the default model '%s' is not configured; the configured models are %s"
              .formatted(name, byName.keySet()));
    }
    return name;
  }

  private RegisteredModel requireConfigured(String name) {
    RegisteredModel model = byName.get(name);
    if (model == null) {
      throw new IllegalArgumentException(
          "no model is named '%s'; the configured models are %s".formatted(name, byName.keySet()));
    }
    if (model.adapter(name).isPresent()) {
      throw new IllegalArgumentException(
          "'%s' is an adapter of '%s'; a route accepts only models".formatted(name, model.id()));
    }
    return model;
  }

  private void add(WeightedModels models) {
    if (byName.containsKey(models.id()) || shared.putIfAbsent(models.id(), models) != null) {
      throw new IllegalArgumentException(
          "the name '%s' is used by a model and a route, or by two routes; names must be unique"
              .formatted(models.id()));
    }
  }

  private void add(String name, RegisteredModel model) {
    RegisteredModel other = byName.put(name, model);
    if (other != null) {
      throw new IllegalArgumentException(
          "the name '%s' is used by two models, '%s' and '%s'; names must be unique"
              .formatted(name, other.id(), model.id()));
    }
  }

  /** Returns all distinct backends with their models. */
  public List<BackendModels> backends() {
    Set<InferenceBackend> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
    return Stream.concat(
            configured().map(model -> model.configured().backend()),
            discovered.stream().map(DiscoveredModels::backend))
        .filter(distinct::add)
        .map(
            backend ->
                new BackendModels(
                    backend,
                    configured().filter(m -> m.configured().backend() == backend).toList(),
                    discovered.stream().filter(d -> d.backend() == backend).toList()))
        .toList();
  }

  /**
   * Returns a future of a model's route. Queries servers for their models only if no configured
   * model has the name.
   *
   * @param name any name of the model; null for the default
   * @return fails with {@link InvalidRequestException} (404) if no model has the name, or if the
   *     dialect of a discovered model is unknown
   */
  public CompletableFuture<Route> find(@Nullable String name) {
    return find(name, null);
  }

  /**
   * Returns a future of the route for one request.
   *
   * @param affinityKey requests with the same key go to the same model if several models share the
   *     name; null for none
   */
  public CompletableFuture<Route> find(@Nullable String name, @Nullable String affinityKey) {
    String known = name == null ? defaultName : name;
    if (known == null) {
      return CompletableFuture.failedFuture(missingModel());
    }
    WeightedModels models = shared.get(known);
    return models == null
        ? named(known)
        : models.choose(affinityKey).thenCompose(model -> model.route());
  }

  /**
   * Returns the name of the model for an answer: the name in the request, or, if several models
   * share it, the id of the chosen model.
   */
  public String nameInAnswer(@Nullable String name, Route route) {
    String known = name == null ? defaultName : name;
    return name == null || shared.containsKey(known) ? route.id() : name;
  }

  private static InvalidRequestException missingModel() {
    return InvalidRequestException.badValue(
        "model", "missing_required_parameter", "Missing required parameter: 'model'.");
  }

  /**
   * Returns the id of the requested model, for logs.
   *
   * @param name null for the default
   * @return the name itself if it is not configured; null if there is no default
   */
  public @Nullable String idOf(@Nullable String name) {
    String known = name == null ? defaultName : name;
    RegisteredModel model = known == null ? null : byName.get(known);
    return known == null || model == null || model.adapter(known).isPresent() ? known : model.id();
  }

  /**
   * Returns the route of a model. Sends nothing.
   *
   * @param name any name of the model; null for the default
   * @throws InvalidRequestException if no known model has the name
   */
  public Route known(@Nullable String name) {
    String known = name == null ? defaultName : name;
    if (known == null) {
      throw missingModel();
    }
    WeightedModels models = shared.get(known);
    return models == null
        ? requireNamed(known).requireKnown(known)
        : models.first().requireKnown(models.first().id());
  }

  private CompletableFuture<Route> named(String name) {
    RegisteredModel configured = byName.get(name);
    if (configured != null) {
      return configured.route(name);
    }
    return lookup(name)
        .map(model -> model.route(name))
        .orElseGet(() -> refreshNames().thenCompose(done -> requireNamed(name).route(name)))
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedFuture(
                    Futures.cause(failure) instanceof DialectException
                        ? InvalidRequestException.modelNotFound(name)
                        : failure));
  }

  private RegisteredModel requireNamed(String name) {
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
    Stream<RegisteredModel> reported =
        upstreamNames.stream()
            .filter(upstream -> upstream.lastKnown().filter(name::equals).isPresent())
            .map(UpstreamName::model);
    Stream<RegisteredModel> listed =
        discovered.stream().flatMap(server -> server.lastKnown(name).stream());
    return Optional.ofNullable(byName.get(name))
        .or(() -> Stream.concat(reported, listed).findFirst())
        .or(() -> withAdapter(name));
  }

  /** Returns the base model of an adapter, found by the separator in the name. */
  private Optional<RegisteredModel> withAdapter(String name) {
    return Stream.concat(
            configured(), discovered.stream().flatMap(server -> server.lastKnown().stream()))
        .filter(model -> model.adapter(name).isPresent())
        .findFirst();
  }

  /**
   * Returns all names of all models. Omits upstream names that are not known yet, and models that
   * their servers report as missing.
   */
  public CompletableFuture<List<Model>> list() {
    return all(Stream.of(
                upstreamNames.stream().map(UpstreamName::refresh),
                configured().map(this::knowsWhetherMissing),
                discovered.stream().map(DiscoveredModels::detectAll))
            .flatMap(futures -> futures))
        .thenApply(
            done ->
                names().entrySet().stream()
                    .map(entry -> model(entry.getKey(), entry.getValue()))
                    .toList());
  }

  private Stream<RegisteredModel> configured() {
    return byName.values().stream().distinct();
  }

  /**
   * Completes when it is known whether the server has the model, or after a short time. Never
   * fails.
   */
  private CompletableFuture<Void> knowsWhetherMissing(RegisteredModel model) {
    return SingleFlight.ask(
            () -> CompletableFuture.allOf(model.detect(), model.recheck()), LIST_WAIT, scheduler)
        .exceptionally(late -> null);
  }

  private Map<String, RegisteredModel> names() {
    Map<String, RegisteredModel> names = new LinkedHashMap<>();
    byName.forEach(
        (name, model) -> {
          if (!model.isMissing()) {
            names.put(name, model);
          }
        });
    shared.forEach((name, models) -> names.putIfAbsent(name, models.first()));
    for (UpstreamName upstream : upstreamNames) {
      upstream.lastKnown().ifPresent(name -> names.putIfAbsent(name, upstream.model()));
    }
    for (DiscoveredModels server : discovered) {
      server.lastKnown().stream()
          .filter(model -> model.known().isPresent() && !model.isMissing())
          .forEach(
              model -> {
                names.putIfAbsent(model.id(), model);
                model.adapters().ids().forEach(adapter -> names.putIfAbsent(adapter, model));
              });
    }
    return names;
  }

  /**
   * Returns a future of one model by any of its names.
   *
   * @return fails with {@link InvalidRequestException} (404) if no model has the name
   */
  public CompletableFuture<Model> retrieve(String name) {
    RegisteredModel configured = byName.get(name);
    if (configured != null) {
      return knowsWhetherMissing(configured)
          .thenCompose(
              done ->
                  configured.isMissing()
                      ? CompletableFuture.failedFuture(InvalidRequestException.modelNotFound(name))
                      : described(name, configured));
    }
    WeightedModels models = shared.get(name);
    return find(name)
        .thenCompose(
            route -> described(name, models == null ? requireNamed(name) : models.first()));
  }

  private static CompletableFuture<Model> described(String name, RegisteredModel registered) {
    return registered
        .metadata()
        .thenApply(metadata -> model(name, registered).toBuilder().metadata(metadata).build());
  }

  /** Returns whether a name is shared by several models. */
  boolean isRoute(String name) {
    return shared.containsKey(name);
  }

  /** Returns the discovered models of each server. */
  List<DiscoveredModels> discovered() {
    return discovered;
  }

  /** Checks every model against its server's metadata. Never fails. */
  public CompletableFuture<List<ModelCheck>> check() {
    return all(discovered.stream().map(DiscoveredModels::detectAll))
        .thenCompose(
            done -> {
              List<CompletableFuture<ModelCheck>> checks =
                  Stream.concat(
                          configured(),
                          discovered.stream().flatMap(server -> server.lastKnown().stream()))
                      .map(checker::check)
                      .toList();
              return all(checks.stream())
                  .thenApply(
                      all ->
                          Stream.concat(
                                  checks.stream().map(CompletableFuture::join),
                                  discovered.stream().flatMap(DiscoveredModels::problems))
                              .toList());
            });
  }

  /** Returns the settings with which a model is called; empty if unknown. Sends nothing. */
  public Optional<ModelSettings> settings(String name) {
    return lookup(name).flatMap(RegisteredModel::settings);
  }

  /** Ends the background queries. The last known state is kept. */
  public void close() {
    configured().forEach(RegisteredModel::close);
    discovered.forEach(DiscoveredModels::close);
  }

  /** Asks servers for the names of their models. Never fails. */
  CompletableFuture<Void> refreshNames() {
    return all(
        Stream.concat(
            upstreamNames.stream().map(UpstreamName::refresh),
            discovered.stream().map(DiscoveredModels::refresh)));
  }

  private static CompletableFuture<Void> all(Stream<? extends CompletableFuture<?>> futures) {
    return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new));
  }

  private static Model model(String name, RegisteredModel registered) {
    Model model = registered.configured().model();
    return model.toBuilder()
        .id(name)
        .parent(registered.adapter(name).isPresent() ? model.id() : null)
        .build();
  }
}
