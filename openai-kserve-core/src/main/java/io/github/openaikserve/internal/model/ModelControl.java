package io.github.openaikserve.internal.model;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.InvalidRequestException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Loading and unloading of models at their servers, through the repository extension of the Open
 * Inference Protocol. Thread-safe.
 */
public final class ModelControl {
  /**
   * A model of a server.
   *
   * @param modelName the model's name at the server
   * @param changed is notified that the model was loaded or unloaded
   */
  private record Target(
      InferenceBackend backend, String modelName, Supplier<CompletableFuture<Void>> changed) {}

  private final ModelRegistry models;

  /** Creates a control for the models of a registry. */
  public ModelControl(ModelRegistry models) {
    this.models = models;
  }

  /**
   * Loads or reloads a model at its server.
   *
   * @param name any name of the model, or the name of a model that a server lists but has not
   *     loaded
   * @return completes when the model is loaded. Fails with {@link InvalidRequestException} if no
   *     server has the model, the name does not identify exactly one model, or its server does not
   *     load models on request; with {@link io.github.openaikserve.error.BackendException} if the
   *     server fails
   */
  public CompletableFuture<Void> load(String name) {
    return control(name, "load", InferenceBackend::loadModel);
  }

  /**
   * Unloads a model at its server.
   *
   * @param name any name of the model
   * @return completes when the server has accepted the request; fails in the same cases as {@link
   *     #load}
   */
  public CompletableFuture<Void> unload(String name) {
    return control(name, "unload", InferenceBackend::unloadModel);
  }

  private CompletableFuture<Void> control(
      String name,
      String what,
      BiFunction<InferenceBackend, String, CompletionStage<Boolean>> procedure) {
    return find(name)
        .thenCompose(
            target ->
                procedure
                    .apply(target.backend(), target.modelName())
                    .thenCompose(
                        known ->
                            known
                                ? target.changed().get()
                                : CompletableFuture.failedFuture(unsupported(name, what))));
  }

  private CompletableFuture<Target> find(String name) {
    if (models.isRoute(name)) {
      return CompletableFuture.failedFuture(notOneModel(name, "a route to several models"));
    }
    Optional<RegisteredModel> known = models.lookup(name);
    if (known.isEmpty()) {
      return models.refreshNames().thenApply(done -> listed(name));
    }
    return known.get().adapter(name).isPresent()
        ? CompletableFuture.failedFuture(notOneModel(name, "an adapter"))
        : CompletableFuture.completedFuture(target(known.get()));
  }

  /** Returns a model that a server lists, loaded or not. */
  private Target listed(String name) {
    return models
        .lookup(name)
        .map(this::target)
        .or(
            () ->
                models.discovered().stream()
                    .filter(server -> server.lists(name))
                    .findFirst()
                    .map(server -> new Target(server.backend(), name, server::changed)))
        .orElseThrow(() -> InvalidRequestException.modelNotFound(name));
  }

  private Target target(RegisteredModel model) {
    InferenceBackend backend = model.configured().backend();
    return new Target(backend, model.configured().modelName(), () -> changed(model, backend));
  }

  private CompletableFuture<Void> changed(RegisteredModel model, InferenceBackend backend) {
    Stream<CompletableFuture<Void>> listings =
        models.discovered().stream()
            .filter(server -> server.backend() == backend)
            .map(DiscoveredModels::changed);
    return CompletableFuture.allOf(
        Stream.concat(Stream.of(model.changed()), listings).toArray(CompletableFuture<?>[]::new));
  }

  private static InvalidRequestException notOneModel(String name, String what) {
    return InvalidRequestException.badValue(
        "model",
        "unsupported_value",
        "'%s' is %s, which cannot be loaded or unloaded. Use the name of a model."
            .formatted(InvalidRequestException.shown(name), what));
  }

  private static InvalidRequestException unsupported(String name, String what) {
    return InvalidRequestException.badValue(
        "model",
        "unsupported_value",
        "The server of model '%s' does not %s models on request."
            .formatted(InvalidRequestException.shown(name), what));
  }
}
