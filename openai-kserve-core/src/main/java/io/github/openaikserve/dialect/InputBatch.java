package io.github.openaikserve.dialect;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of one call that is answered by tensors and generates no text, free of tensors.
 * Immutable.
 *
 * @param modelName the model as its route names it to the server
 * @param modelVersion the version as its route names it; null for the dialect's own
 * @param kind what the call is for
 * @param size the number of inputs, at most as many as {@link Dialect#maxBatch} allows
 * @param values the fields that tensors may carry, with the types that {@link RequestField} names
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

  /** Returns the same inputs for another model. */
  public InputBatch withModel(String name, @Nullable String version) {
    return new InputBatch(name, version, kind, size, values);
  }

  /** Returns the size of the batch; never its inputs, which do not belong in a log. */
  @Override
  public String toString() {
    return "InputBatch[model=%s, kind=%s, size=%d]".formatted(modelName, kind, size);
  }
}
