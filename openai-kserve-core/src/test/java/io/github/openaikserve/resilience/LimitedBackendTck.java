package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.testing.FakeBackend;

/** The responses that pass a {@link LimitedBackend}. */
public final class LimitedBackendTck extends DecoratedBackendTck {
  @Override
  InferenceBackend around(FakeBackend backend) {
    return LimitedBackend.around(backend, ConcurrencyLimit.of(1));
  }
}
