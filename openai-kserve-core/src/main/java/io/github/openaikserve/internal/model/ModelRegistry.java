package io.github.openaikserve.internal.model;

import io.github.openaikserve.dialect.ModelCheck;
import io.github.openaikserve.dialect.ModelSettings;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.concurrent.Futures;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The registry of models by all names that clients may use. Thread-safe. */
public final class ModelRegistry {
  /** The maximum time that a list of models waits for the servers of configured models. */
  private static final Duration LIST_WAIT = Duration.ofMillis(500);

  private final ConfiguredModels configured;
  private final KnownModels known;
  private final List<DiscoveredModels> discovered;

  /** The default name that means no default model. */
  public static final String NO_DEFAULT = "";

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
    this.configured = new ConfiguredModels(models, shared, defaultName);
    this.known =
        new KnownModels(
            configured,
            models.stream().map(model -> new UpstreamName(model, scheduler)).toList(),
            this.discovered);
  }

  /** Returns all distinct backends with their models. */
  public List<BackendModels> backends() {
    return BackendModels.of(configured.models().toList(), discovered);
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
    String asked = configured.orDefault(name);
    if (asked == null) {
      return CompletableFuture.failedFuture(ConfiguredModels.missing());
    }
    WeightedModels models = configured.sharing(asked);
    return models == null
        ? named(asked)
        : models.choose(affinityKey).thenCompose(model -> model.route());
  }

  /**
   * Returns the name of the model for an answer: the name in the request, or, if several models
   * share it, the id of the chosen model.
   */
  public String nameInAnswer(@Nullable String name, Route route) {
    return name == null || configured.sharing(name) != null ? route.id() : name;
  }

  /**
   * Returns the id of the requested model, for logs.
   *
   * @param name null for the default
   * @return the name itself if it is not configured; null if there is no default
   */
  public @Nullable String idOf(@Nullable String name) {
    return configured.idOf(name);
  }

  /**
   * Returns the route of a model. Sends nothing.
   *
   * @param name any name of the model; null for the default
   * @throws InvalidRequestException if no known model has the name
   */
  public Route known(@Nullable String name) {
    String asked = configured.orDefault(name);
    if (asked == null) {
      throw ConfiguredModels.missing();
    }
    WeightedModels models = configured.sharing(asked);
    return models == null
        ? known.require(asked).requireKnown(asked)
        : models.first().requireKnown(models.first().id());
  }

  private CompletableFuture<Route> named(String name) {
    RegisteredModel model = configured.get(name);
    if (model != null) {
      return model.route(name);
    }
    return known
        .lookup(name)
        .map(found -> found.route(name))
        .orElseGet(() -> refreshNames().thenCompose(done -> known.require(name).route(name)))
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedFuture(
                    Futures.cause(failure) instanceof DialectException
                        ? InvalidRequestException.modelNotFound(name)
                        : failure));
  }

  /**
   * Returns the model with a name, or the base model of an adapter with that name. Sends nothing.
   */
  Optional<RegisteredModel> lookup(String name) {
    return known.lookup(name);
  }

  /**
   * Returns all names of all models. Omits upstream names that are not known yet, and models that
   * their servers report as missing.
   */
  public CompletableFuture<List<Model>> list() {
    return all(Stream.of(
                known.refreshReported(),
                configured.models().map(this::knowsWhetherMissing),
                discovered.stream().map(DiscoveredModels::detectAll))
            .flatMap(futures -> futures))
        .thenApply(
            done ->
                known.names().entrySet().stream()
                    .map(entry -> ModelMetadataReader.model(entry.getKey(), entry.getValue()))
                    .toList());
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

  /**
   * Returns a future of one model by any of its names.
   *
   * @return fails with {@link InvalidRequestException} (404) if no model has the name
   */
  public CompletableFuture<Model> retrieve(String name) {
    RegisteredModel model = configured.get(name);
    if (model != null) {
      return knowsWhetherMissing(model)
          .thenCompose(
              done ->
                  model.isMissing()
                      ? CompletableFuture.failedFuture(InvalidRequestException.modelNotFound(name))
                      : ModelMetadataReader.described(name, model));
    }
    WeightedModels models = configured.sharing(name);
    return find(name)
        .thenCompose(
            route ->
                ModelMetadataReader.described(
                    name, models == null ? known.require(name) : models.first()));
  }

  /** Returns whether a name is shared by several models. */
  boolean isRoute(String name) {
    return configured.sharing(name) != null;
  }

  /** Returns the discovered models of each server. */
  List<DiscoveredModels> discovered() {
    return discovered;
  }

  /** Checks every model against its server's metadata. Never fails. */
  public CompletableFuture<List<ModelCheck>> check() {
    return all(discovered.stream().map(DiscoveredModels::detectAll))
        .thenCompose(done -> checker.check(known.all().toList()))
        .thenApply(
            checks ->
                Stream.concat(
                        checks.stream(), discovered.stream().flatMap(DiscoveredModels::problems))
                    .toList());
  }

  /** Returns the settings with which a model is called; empty if unknown. Sends nothing. */
  public Optional<ModelSettings> settings(String name) {
    return lookup(name).flatMap(RegisteredModel::settings);
  }

  /** Ends the background queries. The last known state is kept. */
  public void close() {
    configured.models().forEach(RegisteredModel::close);
    discovered.forEach(DiscoveredModels::close);
  }

  /** Asks servers for the names of their models. Never fails. */
  CompletableFuture<Void> refreshNames() {
    return all(
        Stream.concat(known.refreshReported(), discovered.stream().map(DiscoveredModels::refresh)));
  }

  private static CompletableFuture<Void> all(Stream<? extends CompletableFuture<?>> futures) {
    return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new));
  }
}
