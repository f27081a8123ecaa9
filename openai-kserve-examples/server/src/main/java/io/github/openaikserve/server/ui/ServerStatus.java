package io.github.openaikserve.server.ui;

import io.github.openaikserve.dialect.ModelCheck;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.Load;
import io.github.openaikserve.server.limits.ClientUsage;
import java.util.LinkedHashMap;
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

  /** Returns the status as a JSON object. Never fails. */
  CompletableFuture<Map<String, Object>> read(boolean ready) {
    return models.get().thenApply(states -> status(ready, states));
  }

  private Map<String, Object> status(boolean ready, List<Map<String, Object>> states) {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("version", version);
    status.put("uptime_seconds", TimeUnit.NANOSECONDS.toMillis(clock.getAsLong() - begun) / 1000.0);
    status.put("ready", ready);
    status.put("calls", counters.counts());
    status.put("backends", backends.state());
    status.put("models", states);
    status.put("clients", clients.get().stream().map(ServerStatus::client).toList());
    return status;
  }

  private static Map<String, Object> client(ClientUsage usage) {
    Map<String, Object> client = new LinkedHashMap<>();
    client.put("name", usage.name());
    client.put("requests", usage.requests());
    client.put("refused", usage.refused());
    client.put("input_tokens", usage.inputTokens());
    client.put("output_tokens", usage.outputTokens());
    client.put("in_flight", usage.inFlight());
    return client;
  }
}
