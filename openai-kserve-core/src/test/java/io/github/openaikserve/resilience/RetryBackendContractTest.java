package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferenceBackend;

final class RetryBackendContractTest extends DecoratedBackendContract {
  @Override
  InferenceBackend around(InferenceBackend backend) {
    return RetryBackend.around(backend, RetryPolicy.ofDefaults());
  }
}
