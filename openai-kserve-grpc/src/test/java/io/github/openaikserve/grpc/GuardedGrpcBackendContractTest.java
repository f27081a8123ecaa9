package io.github.openaikserve.grpc;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.resilience.LimitedBackend;

/** The contract over real netty, through a balanced backend and a limit. */
final class GuardedGrpcBackendContractTest extends GrpcBackendContractTest {
  @Override
  InferenceBackend around(InferenceBackend backend) {
    return LimitedBackend.around(BalancedBackend.around("server", backend), ConcurrencyLimit.of(1));
  }
}
