package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferenceBackend;

final class CircuitBackendContractTest extends DecoratedBackendContract {
  @Override
  InferenceBackend around(InferenceBackend backend) {
    return CircuitBackend.around(backend, CircuitBreaker.ofDefaults());
  }
}
