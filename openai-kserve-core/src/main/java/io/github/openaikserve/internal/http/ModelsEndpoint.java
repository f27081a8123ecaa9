package io.github.openaikserve.internal.http;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.json.write.ModelWriter;
import io.github.openaikserve.internal.model.ModelControl;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.ListModelsResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The endpoint {@code GET /v1/models} and {@code /v1/models/{id}}, with {@code POST
 * /v1/models/{id}/load} and {@code /unload}. An id may contain slashes.
 */
final class ModelsEndpoint implements Endpoint {
  private static final String LOAD = "/load";
  private static final String UNLOAD = "/unload";

  private final ModelRegistry routes;
  private final ModelControl control;
  private final boolean controlled;

  /**
   * Creates the endpoint.
   *
   * @param controlled whether clients may load and unload models
   */
  ModelsEndpoint(ModelRegistry routes, boolean controlled) {
    this.routes = routes;
    this.control = new ModelControl(routes);
    this.controlled = controlled;
  }

  @Override
  public List<String> methods(String rest) {
    return rest.endsWith(LOAD) || rest.endsWith(UNLOAD) ? List.of("GET", "POST") : List.of("GET");
  }

  @Override
  public CompletableFuture<ApiResponse> answer(
      ApiRequest request, String rest, CallContext context, RequestLog log) {
    if (request.method().equals("POST")) {
      return control(rest, log);
    }
    if (ClientApi.of(request) == ClientApi.ANTHROPIC) {
      return anthropics(request, rest).thenApply(ModelsEndpoint::json);
    }
    if (rest.isEmpty()) {
      return routes
          .list()
          .thenApply(models -> json(ModelWriter.write(new ListModelsResponse(models))));
    }
    return routes.retrieve(rest).thenApply(model -> json(ModelWriter.write(model)));
  }

  private CompletableFuture<ApiResponse> control(String rest, RequestLog log) {
    boolean loads = rest.endsWith(LOAD);
    String name = rest.substring(0, rest.length() - (loads ? LOAD : UNLOAD).length());
    log.setModel(name);
    if (!controlled) {
      throw new InvalidRequestException(
          403,
          "model_control_disabled",
          null,
          "Loading and unloading models is disabled. The operator of this service can enable it.");
    }
    return (loads ? control.load(name) : control.unload(name))
        .thenApply(
            done -> {
              Map<String, Object> answer = new LinkedHashMap<>();
              answer.put("id", name);
              answer.put("object", "model");
              answer.put("loaded", loads);
              return json(JsonCodec.writeBytes(answer));
            });
  }

  private CompletableFuture<byte[]> anthropics(ApiRequest request, String id) {
    if (!id.isEmpty()) {
      return routes.retrieve(id).thenApply(ModelWriter::writeAnthropic);
    }
    ModelPage page = ModelPage.of(Query.of(request));
    return routes.list().thenApply(page::json);
  }

  private static ApiResponse json(byte[] body) {
    return Responses.json(body, List.of());
  }
}
