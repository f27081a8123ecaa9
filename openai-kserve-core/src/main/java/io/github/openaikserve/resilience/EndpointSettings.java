package io.github.openaikserve.resilience;

import io.github.openaikserve.time.Scheduler;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * What the endpoints of one balanced backend share. Immutable.
 *
 * @param random numbers from 0 to 1
 * @param events receives what happens to endpoints; never throws
 * @param onHealthChanged receives an endpoint whose health has changed; never throws
 */
record EndpointSettings(
    CircuitBreakerPolicy circuitBreaker,
    HealthCheckPolicy healthCheck,
    Scheduler scheduler,
    DoubleSupplier random,
    EndpointEvents events,
    Consumer<ManagedEndpoint> onHealthChanged) {}
