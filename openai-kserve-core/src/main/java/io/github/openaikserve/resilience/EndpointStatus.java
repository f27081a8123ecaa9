package io.github.openaikserve.resilience;

/**
 * A snapshot of the state of one endpoint. Immutable.
 *
 * @param endpoint its address
 * @param available whether the endpoint receives calls: it passes its health checks, or none has
 *     ended yet, and its circuit breaker is closed
 * @param circuit the state of its circuit breaker
 * @param inFlight the number of running calls
 * @param reason why the endpoint is unavailable; empty if it is available
 */
public record EndpointStatus(
    String endpoint, boolean available, CircuitState circuit, int inFlight, String reason) {}
