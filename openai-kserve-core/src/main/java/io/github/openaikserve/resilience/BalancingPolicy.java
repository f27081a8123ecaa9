package io.github.openaikserve.resilience;

/** The policy that chooses an available endpoint for a call without an affinity key. */
public enum BalancingPolicy {
  /** Chooses the endpoint with the fewest calls in flight. */
  LEAST_REQUESTS,
  /** Chooses the endpoints in turn. */
  ROUND_ROBIN
}
