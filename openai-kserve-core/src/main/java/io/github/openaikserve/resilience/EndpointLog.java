package io.github.openaikserve.resilience;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listener that writes one log line for each event. Called by one thread at a time. */
final class EndpointLog implements EndpointListener {
  private static final Logger log = LoggerFactory.getLogger(EndpointLog.class);

  private final String backend;
  private final Set<String> unhealthy = new HashSet<>();

  EndpointLog(String backend) {
    this.backend = backend;
  }

  @Override
  public void added(String endpoint) {
    log.debug("endpoint added backend={} endpoint={}", backend, endpoint);
  }

  @Override
  public void removed(String endpoint) {
    unhealthy.remove(endpoint);
    log.debug("endpoint removed backend={} endpoint={}", backend, endpoint);
  }

  @Override
  public void circuitChanged(String endpoint, CircuitState from, CircuitState to, String reason) {
    if (to == CircuitState.OPEN) {
      log.warn(
          "circuit breaker open backend={} endpoint={} reason=\"{}\"", backend, endpoint, reason);
    } else {
      log.info(
          "circuit breaker {} backend={} endpoint={} reason=\"{}\"",
          to.value(),
          backend,
          endpoint,
          reason);
    }
  }

  @Override
  public void healthChanged(String endpoint, boolean healthy, String reason) {
    if (!healthy) {
      unhealthy.add(endpoint);
      log.warn(
          "endpoint unavailable backend={} endpoint={} reason=\"{}\"", backend, endpoint, reason);
    } else if (unhealthy.remove(endpoint)) {
      log.info("endpoint available backend={} endpoint={}", backend, endpoint);
    }
  }

  @Override
  public void ejected(String endpoint, String model, Duration time) {
    log.warn(
        "endpoint ejected backend={} endpoint={} model={} for={}s reason=\"rejected different"
            + " requests in a row while other endpoints answered\"",
        backend,
        endpoint,
        model,
        time.toSeconds());
  }
}
