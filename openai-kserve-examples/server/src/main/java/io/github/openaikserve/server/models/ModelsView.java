package io.github.openaikserve.server.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.server.route.Health;
import io.github.openaikserve.server.route.ModelControl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The list of models for one client: omits the models that the client may not use. */
public final class ModelsView {
  private static final String PATH = "/v1/models";
  private static final Pattern CONTROL = Pattern.compile("/(?:un)?load$");
  private static final int OK = 200;
  private static final ObjectMapper JSON = new ObjectMapper();

  private ModelsView() {}

  /** Returns whether a path is that of the list. */
  public static boolean isList(String path) {
    return trimmed(path).equals(PATH);
  }

  /**
   * Checks the model of a path such as {@code /v1/models/llama}.
   *
   * @throws InvalidRequestException with status 404 if the client may not use the model
   */
  public static void check(String path, Predicate<String> allowed) {
    String trimmed = trimmed(path);
    if (!trimmed.startsWith(PATH + "/")) {
      return;
    }
    String model = ModelControl.decoded(trimmed.substring(PATH.length() + 1));
    String controlled = CONTROL.matcher(model).replaceFirst("");
    if (!allowed.test(model) && !allowed.test(controlled)) {
      throw InvalidRequestException.modelNotFound(model);
    }
  }

  private static String trimmed(String path) {
    String plain = Health.withoutQuery(path);
    return plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
  }

  /**
   * Returns the list without the models that the client may not use. A page of Anthropic's API is a
   * page of the remaining models.
   *
   * @param list the answer to the request
   * @param calls answers requests for the pages of the whole list of Anthropic's API
   */
  public static CompletableFuture<ApiResponse> filtered(
      ApiRequest request,
      ApiResponse list,
      Predicate<String> allowed,
      Function<ApiRequest, CompletableFuture<ApiResponse>> calls) {
    if (list.status() != OK) {
      return CompletableFuture.completedFuture(list);
    }
    if (!isAnthropics(request)) {
      return visible(list, allowed, request);
    }
    list.body().close();
    String path = Health.withoutQuery(request.path());
    return WholeList.of(
            query ->
                calls.apply(
                    new ApiRequest(
                        request.method(), path + query, request.headers(), request.body())))
        .thenCompose(
            whole ->
                whole.status() == OK
                    ? visible(whole, allowed, request)
                    : CompletableFuture.completedFuture(whole));
  }

  private static boolean isAnthropics(ApiRequest request) {
    return request.header("anthropic-version") != null;
  }

  private static CompletableFuture<ApiResponse> visible(
      ApiResponse list, Predicate<String> allowed, ApiRequest request) {
    return BodyCollector.bytes(list.body())
        .thenApply(
            bytes ->
                new ApiResponse(OK, list.headers(), ApiBody.of(without(bytes, allowed, request))));
  }

  private static byte[] without(byte[] list, Predicate<String> allowed, ApiRequest request) {
    try {
      JsonNode root = JSON.readTree(list);
      if (root.path("data") instanceof ArrayNode models) {
        for (int i = models.size() - 1; i >= 0; i--) {
          if (!allowed.test(models.get(i).path("id").asText())) {
            models.remove(i);
          }
        }
        if (isAnthropics(request)) {
          ModelsPage.of(request).cut((ObjectNode) root, models);
        }
      }
      return JSON.writeValueAsBytes(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
