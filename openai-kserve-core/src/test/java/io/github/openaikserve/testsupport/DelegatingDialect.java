package io.github.openaikserve.testsupport;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.GenerationDelta;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import org.jspecify.annotations.Nullable;

/** A dialect that does what another one does, for tests that override one method. */
public class DelegatingDialect implements Dialect {
  private final Dialect dialect;

  public DelegatingDialect(Dialect dialect) {
    this.dialect = dialect;
  }

  @Override
  public String name() {
    return dialect.name();
  }

  @Override
  public boolean carries(RequestField field) {
    return dialect.carries(field);
  }

  @Override
  public InferCall encode(Generation generation) {
    return dialect.encode(generation);
  }

  @Override
  public GenerationDelta decode(InferResponse response) {
    return dialect.decode(response);
  }

  @Override
  public @Nullable Tensor textOnlyDelta(InferResponse response) {
    return dialect.textOnlyDelta(response);
  }

  @Override
  public boolean aggregateFromStream() {
    return dialect.aggregateFromStream();
  }

  @Override
  public boolean cumulativeText() {
    return dialect.cumulativeText();
  }

  @Override
  public boolean cumulativeTokens() {
    return dialect.cumulativeTokens();
  }

  @Override
  public boolean promptInOutput() {
    return dialect.promptInOutput();
  }
}
