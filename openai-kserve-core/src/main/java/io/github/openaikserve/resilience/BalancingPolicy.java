package io.github.openaikserve.resilience;

/** The choice between the available endpoints for a call without an affinity key. */
public enum BalancingPolicy {
  /** The endpoint with the fewest calls in flight. */
  LEAST_REQUESTS,
  /** One endpoint after the other. */
  ROUND_ROBIN
}
