package io.github.openaikserve;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.model.ModelControl;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.openai.ListModelsResponse;
import io.github.openaikserve.openai.Model;
import java.util.concurrent.CompletableFuture;

/** The models resource: {@code /v1/models}. Thread-safe. */
public final class Models {
  private final ModelRegistry routes;
  private final ModelControl control;

  Models(ModelRegistry routes) {
    this.routes = routes;
    this.control = new ModelControl(routes);
  }

  /**
   * Returns all served models, one entry for each name. Blocks while servers are asked for their
   * models.
   */
  public ListModelsResponse list() {
    return Calls.await(listAsync());
  }

  /** Returns a future of all served models. */
  public CompletableFuture<ListModelsResponse> listAsync() {
    return routes.list().thenApply(ListModelsResponse::new);
  }

  /**
   * Returns one model by any of its names.
   *
   * @throws OpenAiException with status 404 if no model has that name
   */
  public Model retrieve(String model) {
    return Calls.await(retrieveAsync(model));
  }

  /**
   * Returns a future of one model by any of its names.
   *
   * @return fails with an {@link OpenAiException} of status 404 if no model has that name
   */
  public CompletableFuture<Model> retrieveAsync(String model) {
    return routes.retrieve(model);
  }

  /**
   * Loads or reloads a model at its server. Blocks until the model is loaded.
   *
   * @param model any name of the model, or the name of a model that a server lists but has not
   *     loaded
   * @throws OpenAiException with status 404 if no server has the model; with status 400 if the name
   *     does not identify exactly one model, or its server does not load models on request; a
   *     {@link io.github.openaikserve.error.BackendException} if the server fails
   */
  public void load(String model) {
    Calls.await(loadAsync(model));
  }

  /**
   * Returns a future that completes when the model is loaded, and fails in the same cases as {@link
   * #load}.
   */
  public CompletableFuture<Void> loadAsync(String model) {
    return control.load(model);
  }

  /**
   * Unloads a model at its server. Blocks until the server has accepted the request.
   *
   * @param model any name of the model
   * @throws OpenAiException in the same cases as {@link #load}
   */
  public void unload(String model) {
    Calls.await(unloadAsync(model));
  }

  /**
   * Returns a future that completes when the server has accepted the request to unload the model.
   */
  public CompletableFuture<Void> unloadAsync(String model) {
    return control.unload(model);
  }
}
