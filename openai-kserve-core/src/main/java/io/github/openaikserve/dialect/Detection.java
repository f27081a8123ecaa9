package io.github.openaikserve.dialect;

import io.github.openaikserve.error.DialectException;
import java.util.Map;
import java.util.Optional;

/**
 * What was found out about how a model speaks. Immutable.
 *
 * @param modelName the model that was asked about
 * @param dialect how it generates text, fitted to what it declares; empty when it is not known to
 * @param others how it serves requests that are answered by tensors, by their kind
 * @param explanation what was found, and what is missing, in plain words
 */
public record Detection(
    String modelName,
    Optional<Dialect> dialect,
    Map<RequestKind, Dialect> others,
    String explanation) {
  /** Copies the map. */
  public Detection {
    others = Map.copyOf(others);
  }

  /** Returns how the model serves requests that are answered by tensors; empty if it does not. */
  public Optional<Dialect> serving(RequestKind kind) {
    return Optional.ofNullable(others.get(kind));
  }

  /** Whether the model can be served. */
  public boolean isServable() {
    return dialect.isPresent() || !others.isEmpty();
  }

  /**
   * How the model generates text.
   *
   * @throws DialectException with the explanation, if that is not known
   */
  public Dialect requireDialect() {
    return dialect.orElseThrow(() -> new DialectException(explanation));
  }
}
