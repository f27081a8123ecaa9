package io.github.openaikserve.resilience;

import java.util.Locale;

/** The state of the circuit breaker of one endpoint. */
public enum CircuitState {
  /** Calls go to the endpoint. */
  CLOSED,
  /** The endpoint has failed too often: calls go to other endpoints while there are any. */
  OPEN,
  /** The wait in the open state has passed: the next health check decides. */
  HALF_OPEN;

  private final String value = name().toLowerCase(Locale.ROOT);

  /** Returns the name in lower case, as it is written in metrics and logs. */
  public String value() {
    return value;
  }
}
