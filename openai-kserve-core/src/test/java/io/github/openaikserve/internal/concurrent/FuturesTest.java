package io.github.openaikserve.internal.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

final class FuturesTest {
  @Test
  void theCauseIsUnwrappedFromAllItsWrappers() {
    var failure = new IllegalStateException("closed");

    assertThat(Futures.cause(failure)).isSameAs(failure);
    assertThat(
            Futures.cause(
                new ExecutionException(new CompletionException(new CompletionException(failure)))))
        .isSameAs(failure);
  }

  @Test
  void aWrapperWithoutACauseIsTheFailureItself() {
    var failure = new CompletionException("closed", null);

    assertThat(Futures.cause(failure)).isSameAs(failure);
  }
}
