package io.github.openaikserve.resilience;

import io.github.openaikserve.time.Scheduler;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * The settings that the endpoints of one balanced backend share. Immutable.
 *
 * @param name the name of the backend in logs
 * @param random numbers from 0 to 1
 * @param events receives what happens to endpoints; never throws
 * @param onUnavailable receives an endpoint whose health has changed
 */
record EndpointSettings(
    String name,
    CircuitBreakerPolicy circuitBreaker,
    HealthCheckPolicy healthCheck,
    Scheduler scheduler,
    DoubleSupplier random,
    EndpointListener events,
    Consumer<ManagedEndpoint> onUnavailable) {}
