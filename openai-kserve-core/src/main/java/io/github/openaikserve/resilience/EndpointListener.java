package io.github.openaikserve.resilience;

import java.time.Duration;

/**
 * A listener for events of the endpoints of a {@link BalancedBackend}.
 *
 * <p>Methods are called one at a time and in the order of the events, on a thread that causes an
 * event, and never under a lock. They must not block. Their exceptions are logged and have no other
 * effect. Endpoints are identified by their address.
 */
public interface EndpointListener {
  /** Called when an endpoint is added. */
  default void added(String endpoint) {}

  /**
   * Called when an endpoint is removed, because its source no longer lists it or the backend was
   * closed. The endpoint receives no further calls and has no further events.
   */
  default void removed(String endpoint) {}

  /** Called when the state of an endpoint's circuit breaker changes. */
  default void circuitChanged(String endpoint, CircuitState from, CircuitState to, String reason) {}

  /** Called when an endpoint becomes healthy or unhealthy according to its health checks. */
  default void healthChanged(String endpoint, boolean healthy, String reason) {}

  /**
   * Called when an endpoint is ejected for one model: it rejected many different requests in a row,
   * while other endpoints answered.
   */
  default void ejected(String endpoint, String model, Duration time) {}

  /** Called when a call that failed at an endpoint is retried. */
  default void retried(String endpoint) {}
}
