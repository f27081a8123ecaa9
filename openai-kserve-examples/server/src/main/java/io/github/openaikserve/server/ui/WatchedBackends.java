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
  synchronized List<Status.Backend> state() {
    return backends.entrySet().stream()
        .map(entry -> state(entry.getKey(), entry.getValue(), loads.get(entry.getKey())))
        .toList();
  }

  private Status.Backend state(String name, BalancedBackend backend, @Nullable Load load) {
    List<EndpointStatus> endpoints = backend.endpoints();
    return new Status.Backend(
        name,
        endpoints.stream().anyMatch(EndpointStatus::available),
        load == null ? endpoints.stream().mapToInt(EndpointStatus::inFlight).sum() : load.running(),
        load == null ? 0 : load.waiting(),
        load == null ? null : load.max(),
        endpoints.stream().map(this::state).toList());
  }

  private Status.Endpoint state(EndpointStatus endpoint) {
    CallCounters.EndpointFailure failure = counters.failureAt(endpoint.endpoint());
    return new Status.Endpoint(
        endpoint.endpoint(),
        endpoint.available(),
        endpoint.circuit().value(),
        endpoint.inFlight(),
        endpoint.reason(),
        failure == null ? 0 : failure.count(),
        failure == null ? null : state(failure));
  }

  private Status.Failure state(CallCounters.EndpointFailure failure) {
    long ago = Math.max(0, clock.getAsLong() - failure.nanos());
    return new Status.Failure(
        failure.code(), failure.status(), TimeUnit.NANOSECONDS.toSeconds(ago));
  }
}
