package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.testing.FakeBackend;

/** The responses that pass a {@link BalancedBackend}. */
public final class BalancedBackendTck extends DecoratedBackendTck {
  @Override
  InferenceBackend around(FakeBackend backend) {
    return BalancedBackend.around("gpu-0", backend);
  }
}
