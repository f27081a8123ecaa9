package io.github.openaikserve.resilience;

import io.github.openaikserve.internal.resilience.SerialTasks;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoint events of one balanced backend. Listeners receive them one at a time and in order.
 * An endpoint has no events before {@code added} and after {@code removed}. Exceptions of listeners
 * are logged. Thread-safe.
 */
final class EndpointEvents {
  private static final Logger log = LoggerFactory.getLogger(EndpointEvents.class);

  private final SerialTasks tasks = new SerialTasks();

  // Accessed only by tasks.
  private final List<EndpointListener> listeners;
  private final Set<ManagedEndpoint> known = new LinkedHashSet<>();

  EndpointEvents(List<EndpointListener> listeners) {
    this.listeners = new ArrayList<>(listeners);
  }

  /** Adds a listener and reports the known endpoints to it. */
  void addListener(EndpointListener listener) {
    tasks.add(
        () -> {
          listeners.add(listener);
          known.forEach(endpoint -> notify(listener, each -> each.added(endpoint.address())));
        });
    deliver();
  }

  /** Queues the event of a new endpoint for {@link #deliver}. */
  void added(ManagedEndpoint endpoint) {
    tasks.add(
        () -> {
          known.add(endpoint);
          notifyAll(listener -> listener.added(endpoint.address()));
        });
  }

  /** Queues the event of a removed endpoint for {@link #deliver}. */
  void removed(ManagedEndpoint endpoint) {
    tasks.add(
        () -> {
          if (known.remove(endpoint)) {
            notifyAll(listener -> listener.removed(endpoint.address()));
          }
        });
  }

  /** Queues another event for {@link #deliver}. It is dropped if the endpoint is not in use. */
  void add(ManagedEndpoint endpoint, Consumer<EndpointListener> event) {
    tasks.add(
        () -> {
          if (known.contains(endpoint)) {
            notifyAll(event);
          }
        });
  }

  /** Delivers the queued events. Must not be called under a lock. */
  void deliver() {
    tasks.run();
  }

  private void notifyAll(Consumer<EndpointListener> event) {
    listeners.forEach(listener -> notify(listener, event));
  }

  private static void notify(EndpointListener listener, Consumer<EndpointListener> event) {
    try {
      event.accept(listener);
    } catch (Throwable e) {
      log.warn("endpoint listener failed listener={}", listener.getClass().getName(), e);
    }
  }
}
