package io.github.openaikserve.resilience;

import java.time.Duration;

/**
 * Receives what happens to the endpoints of a {@link BalancedBackend}.
 *
 * <p>Methods are called one at a time, in the order of the events, on a thread on which one of them
 * happens, never under a lock; they must not block. What they throw is logged and has no other
 * effect. Every endpoint is named by its address.
 */
public interface EndpointListener {
  /** Receives an endpoint that is in use from now on. */
  default void added(String endpoint) {}

  /**
   * Receives an endpoint that gets no further calls: its source no longer lists it, or the backend
   * is closed. No other event of it follows.
   */
  default void removed(String endpoint) {}

  /** Receives a change of an endpoint's circuit breaker. */
  default void circuitChanged(String endpoint, CircuitState from, CircuitState to, String reason) {}

  /** Receives whether an endpoint passes its health check, when that has changed. */
  default void healthChanged(String endpoint, boolean healthy, String reason) {}

  /**
   * Receives that an endpoint gets no calls for one model for some time: it refused many different
   * requests in a row, while other endpoints answered.
   */
  default void ejected(String endpoint, String model, Duration time) {}

  /** Receives that a call which failed at an endpoint is made again. */
  default void retried(String endpoint) {}
}
