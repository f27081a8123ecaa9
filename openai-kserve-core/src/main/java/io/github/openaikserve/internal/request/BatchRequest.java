package io.github.openaikserve.internal.request;

import io.github.openaikserve.dialect.InputBatch;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.openai.AbstractRequest;
import java.util.List;
import java.util.Map;

/** A request that is answered by tensors: its fields, and its inputs in batches. Immutable. */
public interface BatchRequest {
  /** Returns what is asked for. */
  RequestKind kind();

  /** Returns the request. */
  AbstractRequest request();

  /** Returns what the request asks for. */
  Map<RequestField, Object> fields();

  /** Returns the JSON name of a field in the request. */
  default String name(RequestField field) {
    return field.jsonName();
  }

  /** Returns the texts of the request, for explanations and for the count of tokens. */
  List<String> texts();

  /**
   * Checks that a model can serve the request.
   *
   * @throws io.github.openaikserve.error.InvalidRequestException if it cannot
   */
  void check(Route route);

  /** Returns the inputs in batches that the model takes, in their order; at least one. */
  List<InputBatch> batches(Route route);
}
