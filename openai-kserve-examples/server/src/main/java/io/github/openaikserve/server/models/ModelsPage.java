package io.github.openaikserve.server.models;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.openaikserve.http.ApiRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The page of a list of models that a request of Anthropic's API asks for. Immutable.
 *
 * <p>Source: Anthropic's API reference, {@code GET /v1/models}.
 *
 * @param limit the maximum number of models on the page
 * @param after the id of the model that precedes the page; null for the first page
 * @param before the id of the model that follows the page; null for none
 */
record ModelsPage(int limit, @Nullable String after, @Nullable String before) {
  /** The maximum and default number of models on a page. */
  private static final int MAX_LIMIT = 1000;

  /** Reads the query of a request that the library has accepted, so its values are valid. */
  static ModelsPage of(ApiRequest request) {
    Map<String, String> query = query(request.path());
    String limit = query.get("limit");
    return new ModelsPage(
        limit == null ? MAX_LIMIT : Integer.parseInt(limit),
        query.get("after_id"),
        query.get("before_id"));
  }

  private static Map<String, String> query(String path) {
    Map<String, String> values = new HashMap<>();
    int query = path.indexOf('?');
    if (query >= 0) {
      for (String pair : path.substring(query + 1).split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        values.putIfAbsent(decoded(name), equals < 0 ? "" : decoded(pair.substring(equals + 1)));
      }
    }
    return values;
  }

  private static String decoded(String encoded) {
    return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
  }

  /**
   * Reduces a list to this page, as the library does for clients that may use all models.
   *
   * @param list the object of the list, whose other fields are set too
   * @param models all models that the client may use
   */
  void cut(ObjectNode list, ArrayNode models) {
    List<String> ids = new ArrayList<>();
    models.forEach(model -> ids.add(model.path("id").asText()));
    int from = after == null ? 0 : ids.indexOf(after) + 1;
    int end = before == null ? ids.size() : Math.max(from, ids.indexOf(before));
    boolean backwards = after == null && before != null;
    if (end - from > limit) {
      from = backwards ? end - limit : from;
      end = from + limit;
    }
    ArrayNode page = list.putArray("data");
    for (int i = from; i < end; i++) {
      page.add(models.get(i));
    }
    list.put("has_more", backwards ? from > 0 : end < ids.size());
    list.set("first_id", page.path(0).get("id"));
    list.set("last_id", page.path(page.size() - 1).get("id"));
  }
}
