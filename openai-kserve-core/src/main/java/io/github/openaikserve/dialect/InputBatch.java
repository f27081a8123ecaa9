package io.github.openaikserve.dialect;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of one call that is answered by tensors instead of generated text. Immutable.
 *
 * @param modelName the route's name of the model at the server
 * @param modelVersion the route's model version; null for the dialect's default
 * @param kind the kind of the request
 * @param size the number of inputs, at most {@link Dialect#maxBatch}
 * @param values the values by field, with the types that {@link RequestField} documents
 */
public record InputBatch(
    String modelName,
    @Nullable String modelVersion,
    RequestKind kind,
    int size,
    Map<RequestField, Object> values) {

  /** Copies the map. */
  public InputBatch {
    Objects.requireNonNull(modelName, "modelName");
    Objects.requireNonNull(kind, "kind");
    values = Map.copyOf(values);
  }

  /** Returns the value of a field; null if absent. */
  @Nullable Object value(RequestField field) {
    return values.get(field);
  }

  /** Returns a copy of this batch for another model. */
  public InputBatch withModel(String name, @Nullable String version) {
    return new InputBatch(name, version, kind, size, values);
  }

  /** Returns the model, the kind and the size; never the inputs, which must not be logged. */
  @Override
  public String toString() {
    return "InputBatch[model=%s, kind=%s, size=%d]".formatted(modelName, kind, size);
  }
}
