package io.github.openaikserve.internal.request.batch;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.InputBatch;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.field.FieldHandlings;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import java.util.List;
import java.util.Map;

/** The inputs of an embedding request. Immutable. */
public record EmbeddingInputs(CreateEmbeddingRequest request) implements BatchRequest {
  @Override
  public RequestKind kind() {
    return RequestKind.EMBEDDING;
  }

  @Override
  public Map<RequestField, Object> fields() {
    Map<RequestField, Object> fields = inputs().fields();
    if (request.dimensions() != null) {
      fields.put(RequestField.DIMENSIONS, request.dimensions());
    }
    if (request.encodingFormat() != null) {
      fields.put(RequestField.ENCODING_FORMAT, request.encodingFormat());
    }
    return fields;
  }

  @Override
  public List<String> texts() {
    return inputs().texts();
  }

  @Override
  public void check(Route route) {
    inputs().check(route);
    Dialect dialect = route.requireDialect(kind());
    Integer dimensions = request.dimensions();
    if (dimensions == null || dialect.carries(RequestField.DIMENSIONS)) {
      return;
    }
    int own = dialect.dimensions().orElse(dimensions);
    boolean possible =
        route.settings().tensors().shortensVectors() ? dimensions <= own : dimensions == own;
    if (!possible) {
      throw FieldHandlings.rejected(route, RequestField.DIMENSIONS.jsonName());
    }
  }

  @Override
  public List<InputBatch> batches(Route route) {
    return inputs().batches(route);
  }

  private TextInputs inputs() {
    Integer dimensions = request.dimensions();
    return new TextInputs(
        kind(),
        request,
        request.input(),
        dimensions == null ? Map.of() : Map.of(RequestField.DIMENSIONS, dimensions));
  }
}
