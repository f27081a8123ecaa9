package io.github.openaikserve.internal.request.batch;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.InputBatch;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.field.RequestCheck;
import io.github.openaikserve.openai.AbstractRequest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The pairs of texts of a rerank or score request. Immutable.
 *
 * @param queries the query of each pair; as many as documents
 * @param more the other fields
 * @param names the JSON names of fields that differ from those of a rerank request
 */
public record ScoreInputs(
    AbstractRequest request,
    List<String> queries,
    List<String> documents,
    Map<RequestField, Object> more,
    Map<RequestField, String> names)
    implements BatchRequest {
  /** Copies the lists and the maps. */
  public ScoreInputs {
    queries = List.copyOf(queries);
    documents = List.copyOf(documents);
    more = Map.copyOf(more);
    names = Map.copyOf(names);
  }

  @Override
  public RequestKind kind() {
    return RequestKind.SCORE;
  }

  @Override
  public Map<RequestField, Object> fields() {
    Map<RequestField, Object> fields = new EnumMap<>(RequestField.class);
    fields.put(RequestField.QUERY, queries.get(0));
    fields.put(RequestField.DOCUMENTS, documents);
    fields.putAll(more);
    return fields;
  }

  @Override
  public String name(RequestField field) {
    return names.getOrDefault(field, field.jsonName());
  }

  @Override
  public List<String> texts() {
    return Stream.of(queries, documents).flatMap(List::stream).toList();
  }

  @Override
  public void check(Route route) {
    RequestCheck.inputs(route.limits(), documents.size(), name(RequestField.DOCUMENTS));
    route.requireDialect(kind());
  }

  @Override
  public List<InputBatch> batches(Route route) {
    Dialect dialect = route.requireDialect(kind());
    if (!dialect.carries(RequestField.QUERY)) {
      return pairs(route, 0, documents.size());
    }
    // A call has one query, so consecutive pairs with the same query share calls.
    List<InputBatch> batches = new ArrayList<>();
    int begin = 0;
    for (int i = 1; i <= documents.size(); i++) {
      if (i == documents.size() || !queries.get(i).equals(queries.get(begin))) {
        batches.addAll(pairs(route, begin, i));
        begin = i;
      }
    }
    return batches;
  }

  private List<InputBatch> pairs(Route route, int begin, int end) {
    Dialect dialect = route.requireDialect(kind());
    return BatchPreparation.split(
        route,
        this,
        RequestField.DOCUMENTS,
        end - begin,
        (from, to) -> values(dialect, begin + from, begin + to));
  }

  private Map<RequestField, Object> values(Dialect dialect, int from, int to) {
    Map<RequestField, Object> values = new EnumMap<>(RequestField.class);
    if (dialect.carries(RequestField.TEXT_PAIRS)) {
      values.put(
          RequestField.TEXT_PAIRS,
          IntStream.range(from, to)
              .mapToObj(i -> List.of(queries.get(i), documents.get(i)))
              .toList());
      return values;
    }
    values.put(RequestField.DOCUMENTS, documents.subList(from, to));
    if (dialect.carries(RequestField.QUERY)) {
      values.put(RequestField.QUERY, queries.get(from));
    }
    if (dialect.carries(RequestField.QUERIES)) {
      values.put(RequestField.QUERIES, queries.subList(from, to));
    }
    return values;
  }
}
