package io.github.openaikserve.internal.request;

import io.github.openaikserve.dialect.InputBatch;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.openai.AbstractRequest;
import io.github.openaikserve.openai.EmbeddingInput;
import java.util.List;
import java.util.Map;

/** The inputs of a classification request. Immutable. */
public record ClassificationInputs(AbstractRequest request, EmbeddingInput input)
    implements BatchRequest {
  @Override
  public RequestKind kind() {
    return RequestKind.CLASSIFICATION;
  }

  @Override
  public Map<RequestField, Object> fields() {
    return inputs().fields();
  }

  @Override
  public List<String> texts() {
    return inputs().texts();
  }

  @Override
  public void check(Route route) {
    inputs().check(route, kind());
  }

  @Override
  public List<InputBatch> batches(Route route) {
    return inputs().batches(route, this, Map.of());
  }

  private TextInputs inputs() {
    return new TextInputs(input);
  }
}
