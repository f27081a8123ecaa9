package io.github.openaikserve.server.ui;

import io.github.openaikserve.dialect.ModelCheck;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.Load;
import io.github.openaikserve.server.limits.ClientUsage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The state of the server: calls, backends, models and clients. Thread-safe. */
public final class ServerStatus {
  private final String version;
  private final LongSupplier clock;
  private final long begun;
  private final CallCounters counters;
  private final WatchedBackends backends;
  private volatile ModelStates models;
  private volatile Supplier<List<ClientUsage>> clients = List::of;

  /**
   * Creates the status of a server that starts now.
   *
   * @param clock a monotonic clock in nanoseconds
   */
  public ServerStatus(String version, LongSupplier clock) {
    this.version = version;
    this.clock = clock;
    this.begun = clock.getAsLong();
    this.counters = new CallCounters(clock);
    this.backends = new WatchedBackends(counters, clock);
    this.models =
        new ModelStates(() -> CompletableFuture.completedFuture(List.of()), Map.of(), clock);
  }

  /** Returns the listener that counts calls. */
  public CallListener listener() {
    return counters;
  }

  /**
   * Sets the backends of the status, by their names.
   *
   * @param endpoints the endpoints of each backend, in display order
   * @param limits the concurrency limit of each backend that has one
   */
  public void backends(Map<String, BalancedBackend> endpoints, Map<String, ? extends Load> limits) {
    backends.replace(endpoints, limits);
  }

  /**
   * Sets the source of the models' states.
   *
   * @param check called at most every 30 seconds, while the status is read
   * @param backendsByModel the names of the backends of configured models
   */
  public void models(
      Supplier<CompletableFuture<List<ModelCheck>>> check, Map<String, String> backendsByModel) {
    models = new ModelStates(check, Map.copyOf(backendsByModel), clock);
  }

  /** Sets the source of the clients' usage. */
  public void clients(Supplier<List<ClientUsage>> usage) {
    clients = usage;
  }

  /** Returns the status. Never fails. */
  CompletableFuture<Status> read(boolean ready) {
    return models.get().thenApply(states -> status(ready, states));
  }

  private Status status(boolean ready, List<Status.Model> states) {
    return new Status(
        version,
        TimeUnit.NANOSECONDS.toMillis(clock.getAsLong() - begun) / 1000.0,
        ready,
        counters.counts(),
        backends.state(),
        states,
        clients.get());
  }
}
