package io.github.openaikserve.internal.http;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.write.ModelWriter;
import io.github.openaikserve.openai.Model;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list of models in Anthropic's API. Immutable.
 *
 * <p>Source: Anthropic's API reference, {@code GET /v1/models}.
 *
 * @param limit the maximum number of models
 * @param after the id of the model that precedes the page; null for the first page
 * @param before the id of the model that follows the page; null for none
 */
record ModelPage(int limit, @Nullable String after, @Nullable String before) {
  private static final int MAX_LIMIT = 1000;

  /**
   * Returns the requested page.
   *
   * @throws InvalidRequestException naming the invalid parameter
   */
  static ModelPage of(Query query) {
    return new ModelPage(
        query.number("limit", MAX_LIMIT, MAX_LIMIT), query.get("after_id"), query.get("before_id"));
  }

  /** Returns the page of a list, as JSON. */
  byte[] json(List<Model> models) {
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
}
