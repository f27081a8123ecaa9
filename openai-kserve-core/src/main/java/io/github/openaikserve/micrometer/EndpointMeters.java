package io.github.openaikserve.micrometer;

import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.CircuitState;
import io.github.openaikserve.resilience.EndpointListener;
import io.github.openaikserve.resilience.EndpointStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/** The meters of the endpoints of one balanced backend. Thread-safe. */
final class EndpointMeters implements EndpointListener {
  private final MeterRegistry registry;
  private final String name;
  private final BalancedBackend backend;
  private final Map<String, List<Meter>> meters = new ConcurrentHashMap<>();

  EndpointMeters(MeterRegistry registry, String name, BalancedBackend backend) {
    this.registry = registry;
    this.name = name;
    this.backend = backend;
  }

  @Override
  public void added(String endpoint) {
    meters.computeIfAbsent(endpoint, this::register);
  }

  private List<Meter> register(String endpoint) {
    List<Meter> made = new ArrayList<>();
    Tags tags = tags(endpoint);
    made.add(
        gauge(
            "openai_kserve.endpoint.available",
            tags,
            endpoint,
            status -> status.available() ? 1 : 0));
    made.add(gauge("openai_kserve.endpoint.in_flight", tags, endpoint, EndpointStatus::inFlight));
    for (CircuitState state : CircuitState.values()) {
      made.add(
          gauge(
              "openai_kserve.circuit_breaker.state",
              tags.and("state", state.value()),
              endpoint,
              status -> status.circuit() == state ? 1 : 0));
    }
    made.add(registry.counter("openai_kserve.endpoint.failures", tags));
    made.add(registry.counter("openai_kserve.endpoint.ejections", tags));
    made.add(registry.counter("openai_kserve.endpoint.retries", tags));
    return made;
  }

  private Gauge gauge(
      String meter, Tags tags, String endpoint, ToDoubleFunction<EndpointStatus> value) {
    return Gauge.builder(meter, backend, watched -> status(watched, endpoint, value))
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }

  private static double status(
      BalancedBackend backend, String endpoint, ToDoubleFunction<EndpointStatus> value) {
    return backend.endpoints().stream()
        .filter(status -> status.endpoint().equals(endpoint))
        .mapToDouble(value)
        .findFirst()
        .orElse(0);
  }

  private Tags tags(String endpoint) {
    return Tags.of("name", name, "endpoint", endpoint);
  }

  @Override
  public void removed(String endpoint) {
    List<Meter> made = meters.remove(endpoint);
    if (made != null) {
      made.stream().filter(this::isRegistered).forEach(registry::remove);
    }
  }

  /**
   * Returns whether a meter is still registered. Registries remove by name and tags, which could
   * remove the meters of a backend that replaced this one.
   */
  private boolean isRegistered(Meter meter) {
    Meter.Id id = meter.getId();
    return registry.find(id.getName()).tags(id.getTags()).meter() == meter;
  }

  @Override
  public void healthChanged(String endpoint, boolean healthy, String reason) {
    if (!healthy) {
      registry.counter("openai_kserve.endpoint.failures", tags(endpoint)).increment();
    }
  }

  @Override
  public void ejected(String endpoint, String model, Duration time) {
    registry.counter("openai_kserve.endpoint.ejections", tags(endpoint)).increment();
  }

  @Override
  public void circuitChanged(String endpoint, CircuitState from, CircuitState to, String reason) {
    if (to == CircuitState.OPEN) {
      registry.counter("openai_kserve.endpoint.ejections", tags(endpoint)).increment();
    }
  }

  @Override
  public void retried(String endpoint) {
    registry.counter("openai_kserve.endpoint.retries", tags(endpoint)).increment();
  }
}
