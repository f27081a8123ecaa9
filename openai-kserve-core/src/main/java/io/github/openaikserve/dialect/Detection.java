package io.github.openaikserve.dialect;

import io.github.openaikserve.error.DialectException;
import java.util.Optional;

/**
 * What was found out about how a model speaks. Immutable.
 *
 * @param modelName the model that was asked about
 * @param dialect how it generates text, fitted to what it declares; empty when it is not known to
 * @param embeddingDialect how it embeds; empty when it is not known to
 * @param explanation what was found, and what is missing, in plain words
 */
public record Detection(
    String modelName,
    Optional<Dialect> dialect,
    Optional<Dialect> embeddingDialect,
    String explanation) {

  /** Whether the model can be served. */
  public boolean isServable() {
    return dialect.isPresent() || embeddingDialect.isPresent();
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
