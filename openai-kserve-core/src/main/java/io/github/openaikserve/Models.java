package io.github.openaikserve;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.openai.ListModelsResponse;
import io.github.openaikserve.openai.Model;
import java.util.concurrent.CompletableFuture;

/** {@code /v1/models}: the models that are served, by every name they have. Thread-safe. */
public final class Models {
  private final ModelRegistry routes;

  Models(ModelRegistry routes) {
    this.routes = routes;
  }

  /** Every model; blocks while servers are asked for their models' names. */
  public ListModelsResponse list() {
    return Blocking.await(listAsync());
  }

  /** Every model, later. */
  public CompletableFuture<ListModelsResponse> listAsync() {
    return routes.list().thenApply(ListModelsResponse::new);
  }

  /**
   * One model by any of its names.
   *
   * @throws OpenAiException with status 404 if there is none
   */
  public Model retrieve(String model) {
    return Blocking.await(retrieveAsync(model));
  }

  /** One model, later; fails with an {@link OpenAiException} of status 404 if there is none. */
  public CompletableFuture<Model> retrieveAsync(String model) {
    return routes.retrieve(model);
  }
}
