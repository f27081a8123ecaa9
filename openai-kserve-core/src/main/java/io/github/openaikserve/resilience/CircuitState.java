package io.github.openaikserve.resilience;

/** Whether a circuit lets calls through. */
public enum CircuitState {
  /** All of them. */
  CLOSED,
  /** None: the server has failed too often. */
  OPEN,
  /** One, to find out. */
  HALF_OPEN
}
