package io.github.openaikserve.grpc;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.resilience.CircuitBackend;
import io.github.openaikserve.resilience.CircuitBreaker;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.resilience.LimitedBackend;

/** The contract over real netty, with a circuit and a limit around it. */
final class GuardedGrpcBackendContractTest extends GrpcBackendContractTest {
  @Override
  InferenceBackend around(InferenceBackend backend) {
    return LimitedBackend.around(
        CircuitBackend.around(backend, CircuitBreaker.ofDefaults()), ConcurrencyLimit.of(1));
  }
}
