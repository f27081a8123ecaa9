package io.github.openaikserve.server.ui;

import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.EndpointStatus;
import io.github.openaikserve.resilience.Load;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The backends in the status of the server. Thread-safe. */
final class WatchedBackends {
  private final CallCounters counters;
  private final LongSupplier clock;

  // Guarded by this.
  private Map<String, BalancedBackend> backends = Map.of();
  private Map<String, Load> loads = Map.of();

  WatchedBackends(CallCounters counters, LongSupplier clock) {
    this.counters = counters;
    this.clock = clock;
  }

  synchronized void replace(
      Map<String, BalancedBackend> endpoints, Map<String, ? extends Load> limits) {
    backends = new LinkedHashMap<>(endpoints);
    loads = Map.copyOf(limits);
  }

  /** Returns the state of every backend, in the order of the configuration. */
  synchronized List<Map<String, Object>> state() {
    return backends.entrySet().stream()
        .map(entry -> state(entry.getKey(), entry.getValue(), loads.get(entry.getKey())))
        .toList();
  }

  private Map<String, Object> state(String name, BalancedBackend backend, @Nullable Load load) {
    List<EndpointStatus> endpoints = backend.endpoints();
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("name", name);
    state.put("available", endpoints.stream().anyMatch(EndpointStatus::available));
    state.put(
        "in_flight",
        load == null
            ? endpoints.stream().mapToInt(EndpointStatus::inFlight).sum()
            : load.running());
    state.put("waiting", load == null ? 0 : load.waiting());
    state.put("limit", load == null ? null : load.max());
    state.put("endpoints", endpoints.stream().map(this::state).toList());
    return state;
  }

  private Map<String, Object> state(EndpointStatus endpoint) {
    CallCounters.EndpointFailure failure = counters.failureAt(endpoint.endpoint());
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("address", endpoint.endpoint());
    state.put("available", endpoint.available());
    state.put("circuit_breaker", endpoint.circuit().value());
    state.put("in_flight", endpoint.inFlight());
    state.put("reason", endpoint.reason());
    state.put("failures", failure == null ? 0 : failure.count());
    state.put("last_failure", failure == null ? null : state(failure));
    return state;
  }

  private Map<String, Object> state(CallCounters.EndpointFailure failure) {
    long ago = Math.max(0, clock.getAsLong() - failure.nanos());
    return Map.of(
        "code", failure.code(),
        "status", failure.status(),
        "seconds_ago", TimeUnit.NANOSECONDS.toSeconds(ago));
  }
}
