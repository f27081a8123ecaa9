package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.internal.resilience.ModelHealth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoints of one balanced backend, as reported by its source. The endpoints of a fixed list
 * are created in the constructor. Health checks begin on first use. Thread-safe.
 */
final class EndpointRegistry implements EndpointSource.Listener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EndpointRegistry.class);

  private final String name;
  private final EndpointSource source;
  private final Function<Endpoint, ? extends InferenceBackend> connect;
  private final EndpointEvents events;
  private final EndpointSettings settings;
  private final List<Runnable> closing;
  private final FirstReport firstReport;
  private volatile List<ManagedEndpoint> endpoints = List.of();
  private volatile String failure = "";
  private volatile EndpointSource.@Nullable Watch watch;
  private volatile boolean closed;

  // Guarded by this.
  private boolean started;

  /** Accessed only by reports. */
  private Set<String> refused = Set.of();

  EndpointRegistry(BalancedBackend.Builder builder) {
    this.name = builder.name;
    this.source = builder.source;
    this.connect = builder.connect;
    this.closing = List.copyOf(builder.closing);
    List<EndpointListener> listeners = new ArrayList<>();
    listeners.add(new EndpointLog(name));
    listeners.addAll(builder.listeners);
    this.events = new EndpointEvents(listeners);
    this.settings =
        new EndpointSettings(
            builder.circuitBreaker,
            builder.healthCheck,
            builder.scheduler,
            builder.random,
            events,
            this::onHealthChanged);
    this.firstReport = new FirstReport(builder.scheduler);
    if (source instanceof FixedEndpoints fixed) {
      onEndpoints(fixed.endpoints());
    }
  }

  /** Returns the endpoints in the order of the source; empty if none has been reported yet. */
  List<ManagedEndpoint> endpoints() {
    return endpoints;
  }

  EndpointEvents events() {
    return events;
  }

  /**
   * Returns the last failure of the source or of creating an endpoint's backend; empty if none has
   * failed.
   */
  String failure() {
    return failure;
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * Runs a task when the source has first reported or failed, or after five seconds without either.
   *
   * @param limit the maximum time to wait; null for the five seconds
   * @param attempts records that the wait ended without a report
   */
  <T> CompletableFuture<T> whenReported(
      @Nullable Duration limit, Retries.Attempts attempts, Supplier<CompletableFuture<T>> task) {
    try {
      start();
      return endpoints.isEmpty() ? firstReport.await(limit, attempts, task) : task.get();
    } catch (Throwable e) {
      return CompletableFuture.failedFuture(e); // thrown by the scheduler
    }
  }

  private void start() {
    if (watch != null) {
      return;
    }
    synchronized (this) {
      if (started || closed) {
        return;
      }
      started = true;
    }
    try {
      endpoints.forEach(ManagedEndpoint::check);
      EndpointSource.Watch begun = Objects.requireNonNull(source.watch(this), "watch");
      watch = begun;
      if (closed) {
        begun.close();
      }
    } catch (Throwable e) {
      String reason = String.valueOf(e.getMessage());
      if (!reason.equals(failure)) {
        log.error("endpoint source failed backend={}", name, e);
      }
      synchronized (this) {
        started = false; // the next call starts the source again
      }
      onFailure(reason);
    }
  }

  @Override
  public void onEndpoints(List<Endpoint> listed) {
    Map<String, ManagedEndpoint> known = new LinkedHashMap<>();
    endpoints.forEach(endpoint -> known.put(endpoint.address(), endpoint));
    Map<String, ManagedEndpoint> now = new LinkedHashMap<>();
    Set<String> failed = new HashSet<>();
    for (Endpoint endpoint : listed) {
      String address = endpoint.address();
      if (known.containsKey(address)) {
        now.put(address, known.get(address));
      } else if (!now.containsKey(address) && !failed.contains(address)) {
        connect(endpoint)
            .ifPresentOrElse(connected -> now.put(address, connected), () -> failed.add(address));
      }
    }
    refused = failed;
    if (!now.isEmpty() || known.isEmpty()) {
      replace(List.copyOf(now.values()));
    }
    firstReport.arrived();
  }

  private Optional<ManagedEndpoint> connect(Endpoint endpoint) {
    if (closed) {
      return Optional.empty();
    }
    try {
      InferenceBackend backend = Objects.requireNonNull(connect.apply(endpoint), "backend");
      return Optional.of(new ManagedEndpoint(endpoint, backend, settings, this::rateSince));
    } catch (Throwable e) {
      if (!refused.contains(endpoint.address())) {
        log.error("endpoint cannot be used backend={} endpoint={}", name, endpoint, e);
      }
      failure = String.valueOf(e.getMessage());
      return Optional.empty();
    }
  }

  private void replace(List<ManagedEndpoint> now) {
    List<ManagedEndpoint> added;
    List<ManagedEndpoint> removed;
    boolean unwanted;
    boolean checked;
    synchronized (this) {
      unwanted = closed;
      checked = started;
      added = without(now, endpoints);
      removed = without(endpoints, now);
      if (!unwanted) {
        endpoints = now;
        added.forEach(events::added);
        removed.forEach(events::removed);
      }
    }
    if (unwanted) {
      added.forEach(ManagedEndpoint::close);
      return;
    }
    events.deliver();
    if (checked) {
      added.forEach(ManagedEndpoint::check);
    }
    removed.forEach(ManagedEndpoint::remove);
  }

  private static List<ManagedEndpoint> without(
      List<ManagedEndpoint> endpoints, List<ManagedEndpoint> others) {
    Set<ManagedEndpoint> excluded = new HashSet<>(others);
    return endpoints.stream().filter(endpoint -> !excluded.contains(endpoint)).toList();
  }

  @Override
  public void onFailure(String reason) {
    failure = reason;
    firstReport.arrived();
  }

  private void onHealthChanged(ManagedEndpoint endpoint) {
    EndpointSource.Watch current = watch;
    if (current != null && !closed && !endpoint.health().permitsCalls()) {
      guard("endpoint source refresh", current::refresh);
    }
  }

  private ModelHealth.Rate rateSince(String model, long moment, ManagedEndpoint except) {
    ModelHealth.Rate sum = ModelHealth.Rate.NONE;
    for (ManagedEndpoint endpoint : endpoints) {
      if (endpoint != except) {
        sum = sum.plus(endpoint.rateSince(model, moment));
      }
    }
    return sum;
  }

  /** Closes the endpoints and the watch of the source. Closing again has no effect. */
  @Override
  public void close() {
    List<ManagedEndpoint> last;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      last = endpoints;
      last.forEach(events::removed);
    }
    events.deliver();
    EndpointSource.Watch ending = watch;
    if (ending != null) {
      guard("endpoint source close", ending::close);
    }
    last.forEach(ManagedEndpoint::close);
    firstReport.arrived();
    closing.forEach(task -> guard("task on close", task));
  }

  private void guard(String step, Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      log.error("{} failed backend={}", step, name, e);
    }
  }
}
