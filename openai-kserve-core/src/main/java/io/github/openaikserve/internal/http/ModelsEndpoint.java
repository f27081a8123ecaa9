package io.github.openaikserve.internal.http;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.http.response.ClientApi;
import io.github.openaikserve.internal.http.response.RequestLog;
import io.github.openaikserve.internal.http.response.Responses;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.json.write.ModelWriter;
import io.github.openaikserve.internal.model.ModelControl;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.ListModelsResponse;
import io.github.openaikserve.openai.Model;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The endpoint {@code GET /v1/models} and {@code /v1/models/{id}}, with {@code POST
 * /v1/models/{id}/load} and {@code /unload}. An id may contain slashes.
 */
final class ModelsEndpoint implements Endpoint {
  private static final String LOAD = "/load";
  private static final String UNLOAD = "/unload";

  /** The maximum and default number of models on a page of Anthropic's API. */
  private static final int MAX_LIMIT = 1000;

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
    Query query = Query.of(request);
    int limit = query.number("limit", MAX_LIMIT, MAX_LIMIT);
    String after = query.get("after_id");
    String before = query.get("before_id");
    return routes.list().thenApply(models -> page(models, limit, after, before));
  }

  /**
   * Returns a page of models of Anthropic's API.
   *
   * <p>Source: Anthropic's API reference, {@code GET /v1/models}.
   *
   * @param after the id of the model that precedes the page; null for the first page
   * @param before the id of the model that follows the page; null for none
   */
  private static byte[] page(
      List<Model> models, int limit, @Nullable String after, @Nullable String before) {
    List<String> ids = models.stream().map(Model::id).toList();
    int from = after == null ? 0 : ids.indexOf(after) + 1;
    int end = before == null ? ids.size() : Math.max(from, ids.indexOf(before));
    boolean backwards = after == null && before != null;
    if (end - from > limit) {
      from = backwards ? end - limit : from;
      end = from + limit;
    }
    boolean more = backwards ? from > 0 : end < models.size();
    return ModelWriter.writeAnthropic(models.subList(from, end), more);
  }

  private static ApiResponse json(byte[] body) {
    return Responses.json(body, List.of());
  }
}
