package io.github.openaikserve.resilience;

import io.github.openaikserve.time.Scheduler;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * The settings that all endpoints of one balanced backend share. Immutable.
 *
 * @param random supplies random numbers from 0 to 1
 * @param events receives the events of endpoints; never throws
 * @param onHealthChanged receives each endpoint whose health has changed; never throws
 */
record EndpointSettings(
    CircuitBreakerPolicy circuitBreaker,
    HealthCheckPolicy healthCheck,
    Scheduler scheduler,
    DoubleSupplier random,
    EndpointEvents events,
    Consumer<ManagedEndpoint> onHealthChanged) {}
