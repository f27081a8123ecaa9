package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.ListModelsResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code GET /v1/models} and {@code GET /v1/models/{id}}; an id may contain slashes. */
final class ModelsEndpoint implements Endpoint {
  private final ModelRegistry routes;

  ModelsEndpoint(ModelRegistry routes) {
    this.routes = routes;
  }

  @Override
  public List<String> methods(String rest) {
    return List.of("GET");
  }

  @Override
  public CompletableFuture<ApiResponse> answer(
      ApiRequest request, String rest, CallContext context, RequestLog log) {
    if (ClientApi.of(request) == ClientApi.ANTHROPIC) {
      return anthropics(request, rest).thenApply(ModelsEndpoint::json);
    }
    if (rest.isEmpty()) {
      return routes
          .list()
          .thenApply(models -> json(JsonCodec.write(new ListModelsResponse(models))));
    }
    return routes.retrieve(rest).thenApply(model -> json(JsonCodec.write(model)));
  }

  private CompletableFuture<byte[]> anthropics(ApiRequest request, String id) {
    if (!id.isEmpty()) {
      return routes.retrieve(id).thenApply(JsonCodec::writeMessageModel);
    }
    ModelPage page = ModelPage.of(Query.of(request));
    return routes.list().thenApply(page::json);
  }

  private static ApiResponse json(byte[] body) {
    return Responses.json(body, List.of());
  }
}
