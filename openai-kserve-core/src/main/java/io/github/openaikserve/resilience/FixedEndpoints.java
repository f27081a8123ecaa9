package io.github.openaikserve.resilience;

import java.util.List;

/** A source of a list that never changes. Immutable. */
record FixedEndpoints(List<Endpoint> endpoints) implements EndpointSource {
  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if the list is empty
   */
  FixedEndpoints {
    endpoints = List.copyOf(endpoints);
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("at least one endpoint is required");
    }
  }

  @Override
  public Watch watch(Listener listener) {
    listener.onEndpoints(endpoints);
    return Watch.NONE;
  }
}
