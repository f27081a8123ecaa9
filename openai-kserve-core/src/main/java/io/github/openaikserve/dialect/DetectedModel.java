package io.github.openaikserve.dialect;

import io.github.openaikserve.error.DialectException;
import java.util.Map;
import java.util.Optional;

/**
 * The result of detecting a model's dialect. Immutable.
 *
 * @param modelName the name of the model
 * @param dialect the dialect for generating text, adapted to the model's declared tensors; empty if
 *     none was detected
 * @param others the dialects for requests answered by tensors, by kind of request
 * @param explanation a description of the result and of missing information
 */
public record DetectedModel(
    String modelName,
    Optional<Dialect> dialect,
    Map<RequestKind, Dialect> others,
    String explanation) {
  /** Copies the map. */
  public DetectedModel {
    others = Map.copyOf(others);
  }

  /** Returns the dialect for a kind of request answered by tensors; empty for none. */
  public Optional<Dialect> serving(RequestKind kind) {
    return Optional.ofNullable(others.get(kind));
  }

  /** Returns whether the model can be served. */
  public boolean isServable() {
    return dialect.isPresent() || !others.isEmpty();
  }

  /**
   * Returns the dialect for generating text.
   *
   * @throws DialectException with the explanation, if no dialect was detected
   */
  public Dialect requireDialect() {
    return dialect.orElseThrow(() -> new DialectException(explanation));
  }
}
