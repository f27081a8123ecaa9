package io.github.openaikserve.resilience;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of the endpoints of one balanced backend. Listeners receive them one at a time, in the
 * order of the changes, and only from {@code added} to {@code removed} of an endpoint; what they
 * throw is logged. Thread-safe.
 */
final class EndpointEvents {
  private static final Logger log = LoggerFactory.getLogger(EndpointEvents.class);

  private final SerialTasks tasks = new SerialTasks();

  // Touched by tasks only.
  private final List<EndpointListener> listeners;
  private final Set<ManagedEndpoint> known = new LinkedHashSet<>();

  EndpointEvents(List<EndpointListener> listeners) {
    this.listeners = new ArrayList<>(listeners);
  }

  /** Adds a listener and reports to it the endpoints that are known. */
  void addListener(EndpointListener listener) {
    tasks.add(
        () -> {
          listeners.add(listener);
          known.forEach(endpoint -> notify(listener, each -> each.added(endpoint.address())));
        });
    deliver();
  }

  /** Reports a new endpoint with the next {@link #deliver}. */
  void added(ManagedEndpoint endpoint) {
    tasks.add(
        () -> {
          known.add(endpoint);
          notifyAll(listener -> listener.added(endpoint.address()));
        });
  }

  /** Reports the end of an endpoint with the next {@link #deliver}. */
  void removed(ManagedEndpoint endpoint) {
    tasks.add(
        () -> {
          if (known.remove(endpoint)) {
            notifyAll(listener -> listener.removed(endpoint.address()));
          }
        });
  }

  /** Reports an event of an endpoint with the next {@link #deliver}, if the endpoint is in use. */
  void add(ManagedEndpoint endpoint, Consumer<EndpointListener> event) {
    tasks.add(
        () -> {
          if (known.contains(endpoint)) {
            notifyAll(event);
          }
        });
  }

  /** Delivers what was added. Must not be called under a lock. */
  void deliver() {
    tasks.run();
  }

  private void notifyAll(Consumer<EndpointListener> event) {
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
