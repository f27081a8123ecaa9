package io.github.openaikserve.internal.request.batch;

import io.github.openaikserve.dialect.InputBatch;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.openai.AbstractRequest;
import java.util.List;
import java.util.Map;

/** A request answered by tensors, with its inputs in batches. Immutable. */
public interface BatchRequest {
  /** Returns the kind of the request. */
  RequestKind kind();

  /** Returns the request. */
  AbstractRequest request();

  /** Returns the values of the request's fields. */
  Map<RequestField, Object> fields();

  /** Returns the JSON name of a field in the request. */
  default String name(RequestField field) {
    return field.jsonName();
  }

  /** Returns the texts of the request, for explanations and for counting tokens. */
  List<String> texts();

  /**
   * Checks that a model can serve the request.
   *
   * @throws io.github.openaikserve.error.InvalidRequestException if it cannot
   */
  void check(Route route);

  /** Returns one or more batches of the inputs, in order, each of a size that the model accepts. */
  List<InputBatch> batches(Route route);
}
