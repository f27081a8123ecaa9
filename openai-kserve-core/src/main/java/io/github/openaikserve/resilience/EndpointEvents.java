package io.github.openaikserve.resilience;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners of one balanced backend; what they throw is logged. Thread-safe. */
final class EndpointEvents implements EndpointListener {
  private static final Logger log = LoggerFactory.getLogger(EndpointEvents.class);

  private final List<EndpointListener> listeners;

  EndpointEvents(List<EndpointListener> listeners) {
    this.listeners = new CopyOnWriteArrayList<>(listeners);
  }

  /** Adds a listener and reports the endpoints that are known to it. */
  void add(EndpointListener listener, List<ManagedEndpoint> known) {
    listeners.add(listener);
    known.forEach(endpoint -> notify(listener, each -> each.added(endpoint.address())));
  }

  @Override
  public void added(String endpoint) {
    each(listener -> listener.added(endpoint));
  }

  @Override
  public void removed(String endpoint) {
    each(listener -> listener.removed(endpoint));
  }

  @Override
  public void circuitChanged(String endpoint, CircuitState from, CircuitState to, String reason) {
    each(listener -> listener.circuitChanged(endpoint, from, to, reason));
  }

  @Override
  public void healthChanged(String endpoint, boolean healthy, String reason) {
    each(listener -> listener.healthChanged(endpoint, healthy, reason));
  }

  @Override
  public void ejected(String endpoint, String model, Duration time) {
    each(listener -> listener.ejected(endpoint, model, time));
  }

  @Override
  public void retried(String endpoint) {
    each(listener -> listener.retried(endpoint));
  }

  private void each(Consumer<EndpointListener> event) {
    listeners.forEach(listener -> notify(listener, event));
  }

  private static void notify(EndpointListener listener, Consumer<EndpointListener> event) {
    try {
      event.accept(listener);
    } catch (RuntimeException | Error e) {
      log.warn("endpoint listener failed listener={}", listener.getClass().getName(), e);
    }
  }
}
