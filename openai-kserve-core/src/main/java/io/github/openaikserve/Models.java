package io.github.openaikserve;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.model.ModelControl;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.openai.ListModelsResponse;
import io.github.openaikserve.openai.Model;
import java.util.concurrent.CompletableFuture;

/** The models that are served, by each of their names: {@code /v1/models}. Thread-safe. */
public final class Models {
  private final ModelRegistry routes;
  private final ModelControl control;

  Models(ModelRegistry routes) {
    this.routes = routes;
    this.control = new ModelControl(routes);
  }

  /** Returns every model. Blocks while servers are asked for the names of their models. */
  public ListModelsResponse list() {
    return Calls.await(listAsync());
  }

  /** Returns a future of every model. */
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
   * Loads a model at its server, or loads it again, and waits until it is loaded.
   *
   * @param model any name of the model, or one that a server lists and has not loaded
   * @throws OpenAiException with status 404 if no server has the model; with status 400 if the name
   *     is not of one model, or its server loads no models on request; a {@link
   *     io.github.openaikserve.error.BackendException} if the server fails
   */
  public void load(String model) {
    Calls.await(loadAsync(model));
  }

  /** Returns a future that completes when a model is loaded, and fails as {@link #load} does. */
  public CompletableFuture<Void> loadAsync(String model) {
    return control.load(model);
  }

  /**
   * Unloads a model at its server, and waits until the server has accepted that.
   *
   * @param model any name of the model
   * @throws OpenAiException as {@link #load} does
   */
  public void unload(String model) {
    Calls.await(unloadAsync(model));
  }

  /** Returns a future that completes when a server has accepted to unload a model. */
  public CompletableFuture<Void> unloadAsync(String model) {
    return control.unload(model);
  }
}
