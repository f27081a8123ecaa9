package io.github.openaikserve.resilience;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The selection of one endpoint among the available ones. Thread-safe. */
final class EndpointPicker {
  /**
   * The factor over the average number of calls up to which an endpoint receives calls by affinity.
   */
  private static final double MAX_LOAD = 1.25;

  private final BalancingPolicy policy;
  private final AtomicInteger turn = new AtomicInteger();

  EndpointPicker(BalancingPolicy policy) {
    this.policy = policy;
  }

  /**
   * Returns the endpoint for a call.
   *
   * @param affinityKey calls with the same key go to the same endpoint; null for none
   * @return the endpoint; null if the list is empty
   */
  @Nullable ManagedEndpoint pick(List<ManagedEndpoint> available, @Nullable String affinityKey) {
    if (available.size() <= 1) {
      return available.isEmpty() ? null : available.get(0);
    }
    if (affinityKey != null) {
      return nearest(available, affinityKey);
    }
    int first = Math.floorMod(turn.getAndIncrement(), available.size());
    return policy == BalancingPolicy.ROUND_ROBIN
        ? available.get(first)
        : leastRequests(available, first);
  }

  /**
   * Returns the endpoint with the fewest calls. The start index breaks ties, so that not all of
   * them go to one endpoint.
   */
  static ManagedEndpoint leastRequests(List<ManagedEndpoint> endpoints, int first) {
    ManagedEndpoint best = endpoints.get(first);
    int fewest = best.inFlight();
    for (int i = 1; i < endpoints.size() && fewest > 0; i++) {
      ManagedEndpoint next = endpoints.get((first + i) % endpoints.size());
      int calls = next.inFlight();
      if (calls < fewest) {
        best = next;
        fewest = calls;
      }
    }
    return best;
  }

  /**
   * Returns an endpoint by rendezvous hashing with bounded load: the endpoint with the highest
   * score for the key that is not over its share of calls. Removing an endpoint moves only its own
   * keys.
   */
  private static ManagedEndpoint nearest(List<ManagedEndpoint> endpoints, String key) {
    int calls = 1;
    for (ManagedEndpoint endpoint : endpoints) {
      calls += endpoint.inFlight();
    }
    double bound = Math.ceil(MAX_LOAD * calls / endpoints.size());
    long keyHash = mix(hash(key));
    ManagedEndpoint best = null;
    long bestScore = Long.MIN_VALUE;
    for (ManagedEndpoint endpoint : endpoints) {
      long score = mix(keyHash ^ hash(endpoint.address()));
      if (endpoint.inFlight() < bound && (best == null || score > bestScore)) {
        best = endpoint;
        bestScore = score;
      }
    }
    return best == null ? leastRequests(endpoints, 0) : best;
  }

  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L; // FNV-1a
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  /** <b>Source:</b> the finalizer of MurmurHash3. */
  private static long mix(long value) {
    long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
