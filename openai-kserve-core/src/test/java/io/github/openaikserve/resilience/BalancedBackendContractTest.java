package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferenceBackend;

final class BalancedBackendContractTest extends DecoratedBackendContract {
  @Override
  InferenceBackend around(InferenceBackend backend) {
    return BalancedBackend.around("gpu-0", backend);
  }
}
