package io.github.openaikserve.resilience;

/**
 * The state of one endpoint at one moment. Immutable.
 *
 * @param endpoint its address
 * @param available whether calls are sent there: its health check succeeds and its circuit breaker
 *     is closed
 * @param circuit the state of its circuit breaker
 * @param inFlight the number of its calls that have not ended
 * @param reason why it is not available; empty while it is
 */
public record EndpointStatus(
    String endpoint, boolean available, CircuitState circuit, int inFlight, String reason) {}
