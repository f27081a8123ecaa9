package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferenceBackend;

final class LimitedBackendContractTest extends DecoratedBackendContract {
  @Override
  InferenceBackend around(InferenceBackend backend) {
    return LimitedBackend.around(backend, ConcurrencyLimit.of(1));
  }
}
