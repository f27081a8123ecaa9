package io.github.openaikserve.resilience;

/**
 * A snapshot of the state of one endpoint. Immutable.
 *
 * @param endpoint its address
 * @param available whether the endpoint receives calls: no health check has failed since the last
 *     successful one, and its circuit breaker is closed
 * @param circuit the state of its circuit breaker
 * @param inFlight the number of running calls
 * @param reason why the endpoint is unavailable; empty if it is available
 */
public record EndpointStatus(
    String endpoint, boolean available, CircuitState circuit, int inFlight, String reason) {}
