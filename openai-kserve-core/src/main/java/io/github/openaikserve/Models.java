package io.github.openaikserve;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.openai.ListModelsResponse;
import io.github.openaikserve.openai.Model;
import java.util.concurrent.CompletableFuture;

/** The models that are served, by each of their names: {@code /v1/models}. Thread-safe. */
public final class Models {
  private final ModelRegistry routes;

  Models(ModelRegistry routes) {
    this.routes = routes;
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
}
