package io.github.openaikserve.resilience;

import java.util.Locale;

/** The state of the circuit breaker of one endpoint. */
public enum CircuitState {
  /** Calls go to the endpoint. */
  CLOSED,
  /** The endpoint has failed too often. Calls go to other endpoints if any are available. */
  OPEN,
  /** The time in the open state has passed. The next health check decides. */
  HALF_OPEN;

  private final String value = name().toLowerCase(Locale.ROOT);

  /** Returns the name in lower case, as metrics and logs use it. */
  public String value() {
    return value;
  }
}
