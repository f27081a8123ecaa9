package io.github.openaikserve.server.service;

import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.Load;
import io.github.openaikserve.server.limits.Limits;
import io.github.openaikserve.server.ui.ServerStatus;
import io.github.openaikserve.store.ResponseStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The objects that outlive a configuration: metrics, status, limits and stored responses.
 * Thread-safe.
 */
record Watchers(
    Metrics metrics, ServerStatus status, Limits limits, Optional<ResponseStore> responses) {
  /** Creates the status, and limits for an initially empty set of clients. */
  Watchers(Metrics metrics, Optional<ResponseStore> responses) {
    this(
        metrics,
        new ServerStatus(ServerVersion.number(), System::nanoTime),
        new Limits(metrics.registry(), metrics.notes()),
        responses);
    status.clients(limits::usage);
  }

  /** Registers these backends with metrics and status, in place of the previous ones. */
  void watch(List<Backends.Opened> backends) {
    metrics.watch(backends);
    Map<String, BalancedBackend> endpoints = new LinkedHashMap<>();
    Map<String, Load> loads = new LinkedHashMap<>();
    for (Backends.Opened backend : backends) {
      endpoints.put(backend.config().name(), backend.endpoints());
      backend.limited().ifPresent(limit -> loads.put(backend.config().name(), limit));
    }
    status.backends(endpoints, loads);
  }
}
