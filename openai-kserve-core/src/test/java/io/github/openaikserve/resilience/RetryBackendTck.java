package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.testing.FakeBackend;

/** The responses that pass a {@link RetryBackend}. */
public final class RetryBackendTck extends DecoratedBackendTck {
  @Override
  InferenceBackend around(FakeBackend backend) {
    return RetryBackend.around(backend, RetryPolicy.ofDefaults());
  }
}
