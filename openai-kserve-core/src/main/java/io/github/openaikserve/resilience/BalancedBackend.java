package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.RepositoryIndexEntry;
import io.github.openaikserve.kserve.ServerMetadata;
import io.github.openaikserve.time.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/**
 * A backend that balances calls over endpoints that serve the same models: one endpoint, a fixed
 * list, or the list that a source reports. Thread-safe.
 *
 * <p>Each endpoint has a circuit breaker and receives health checks in the background, from the
 * first use of this backend until it is closed. A call goes to an available endpoint. A call that
 * fails before its first response is retried, on another endpoint if there is one. If no endpoint
 * is available, the call is still tried; it fails with the connection's error within a second if no
 * endpoint can be reached. Failures that the caller causes (an invalid request, a short time limit,
 * a cancellation) never count against an endpoint.
 *
 * <p>{@link #ready} uses the results of the health checks. Closing this backend closes the backends
 * of all endpoints.
 */
public final class BalancedBackend implements InferenceBackend {
  private final EndpointRegistry registry;
  private final EndpointGroup group;
  private final Retries retries;

  private BalancedBackend(Builder builder) {
    this.registry = new EndpointRegistry(builder);
    this.group = new EndpointGroup(registry, builder.balancing, builder.scheduler);
    this.retries = new Retries(builder.retries, builder.scheduler, group);
  }

  /**
   * Returns a builder for a backend over the endpoints of a source.
   *
   * @param connect creates the backend of one endpoint; must not block. That backend is closed when
   *     the endpoint is removed or this backend is closed
   */
  public static Builder builder(
      EndpointSource source, Function<Endpoint, ? extends InferenceBackend> connect) {
    return new Builder(source, connect);
  }

  /** Returns a backend over a single endpoint with the default policies. */
  public static BalancedBackend around(String endpoint, InferenceBackend backend) {
    Objects.requireNonNull(backend, "backend");
    return builder(EndpointSource.of(endpoint), unused -> backend).build();
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    return retries.call(call);
  }

  /**
   * Returns the state of every endpoint, in the order of the source. Sends nothing. Endpoints of a
   * fixed list are known from the beginning, others when the source has reported them after the
   * first use of this backend.
   */
  public List<EndpointStatus> endpoints() {
    return registry.endpoints().stream().map(ManagedEndpoint::status).toList();
  }

  /** Adds a listener. It immediately receives the known endpoints. */
  public void addListener(EndpointListener listener) {
    registry.events().addListener(Objects.requireNonNull(listener, "listener"));
  }

  /**
   * Returns whether any endpoint passes its health checks, according to the last results. Waits for
   * the first health check of endpoints that have none yet. Ignores circuit breakers, because a
   * call is tried even if all of them are open. Never fails. False after this backend was closed.
   */
  @Override
  public CompletionStage<Optional<Boolean>> ready() {
    return group.ready();
  }

  @Override
  public CompletionStage<Optional<Boolean>> modelReady(String modelName, String modelVersion) {
    return group.ask(backend -> backend.modelReady(modelName, modelVersion));
  }

  @Override
  public CompletionStage<Optional<ServerMetadata>> serverMetadata() {
    return group.ask(InferenceBackend::serverMetadata);
  }

  @Override
  public CompletionStage<Optional<ModelMetadata>> modelMetadata(
      String modelName, String modelVersion) {
    return group.ask(backend -> backend.modelMetadata(modelName, modelVersion));
  }

  @Override
  public CompletionStage<Optional<ModelConfig>> modelConfig(String modelName, String modelVersion) {
    return group.ask(backend -> backend.modelConfig(modelName, modelVersion));
  }

  @Override
  public CompletionStage<Optional<List<RepositoryIndexEntry>>> repositoryIndex() {
    return group.ask(InferenceBackend::repositoryIndex);
  }

  /**
   * Asks every endpoint to load the model.
   *
   * @return false if no endpoint loads models on request; if one fails, fails with the first
   *     failure after all have answered
   */
  @Override
  public CompletionStage<Boolean> loadModel(String modelName) {
    return group.askAll(backend -> backend.loadModel(modelName));
  }

  /**
   * Asks every endpoint to unload the model.
   *
   * @return false if no endpoint unloads models on request; if one fails, fails with the first
   *     failure after all have answered
   */
  @Override
  public CompletionStage<Boolean> unloadModel(String modelName) {
    return group.askAll(backend -> backend.unloadModel(modelName));
  }

  @Override
  public void close() {
    retries.close();
    registry.close();
  }

  /** A builder of {@link BalancedBackend}s. Not thread-safe. */
  public static final class Builder {
    final EndpointSource source;
    final Function<Endpoint, ? extends InferenceBackend> connect;
    final ArrayList<EndpointListener> listeners = new ArrayList<>();
    final ArrayList<Runnable> closing = new ArrayList<>();
    String name = "default";
    BalancingPolicy balancing = BalancingPolicy.LEAST_REQUESTS;
    CircuitBreakerPolicy circuitBreaker = CircuitBreakerPolicy.ofDefaults();
    HealthCheckPolicy healthCheck = HealthCheckPolicy.ofDefaults();
    RetryPolicy retries = RetryPolicy.ofDefaults();
    Scheduler scheduler = Scheduler.SHARED;
    DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();

    private Builder(EndpointSource source, Function<Endpoint, ? extends InferenceBackend> connect) {
      this.source = Objects.requireNonNull(source, "source");
      this.connect = Objects.requireNonNull(connect, "connect");
    }

    /** Sets the name in log lines (default: {@code default}). */
    public Builder name(String name) {
      this.name = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Sets the policy that chooses an endpoint (default: {@link BalancingPolicy#LEAST_REQUESTS}).
     */
    public Builder balancing(BalancingPolicy policy) {
      this.balancing = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * Sets the policy that ejects an endpoint (default: {@link CircuitBreakerPolicy#ofDefaults}).
     */
    public Builder circuitBreaker(CircuitBreakerPolicy policy) {
      this.circuitBreaker = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /** Sets the policy of health checks (default: {@link HealthCheckPolicy#ofDefaults}). */
    public Builder healthCheck(HealthCheckPolicy policy) {
      this.healthCheck = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /** Sets the policy of retries (default: {@link RetryPolicy#ofDefaults}). */
    public Builder retries(RetryPolicy policy) {
      this.retries = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /** Adds a listener. */
    public Builder listener(EndpointListener listener) {
      listeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /** Sets the timer of health checks and backoff (default: {@link Scheduler#SHARED}). */
    public Builder scheduler(Scheduler scheduler) {
      this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
      return this;
    }

    /** Adds a task that runs after the backend was closed. */
    public Builder onClose(Runnable task) {
      closing.add(Objects.requireNonNull(task, "task"));
      return this;
    }

    /**
     * Builds the backend. Creates the endpoints of a fixed list and reports them to listeners, so
     * the backend must be closed even if it is never used. Nothing is sent before the first call or
     * metadata query.
     */
    public BalancedBackend build() {
      return new BalancedBackend(this);
    }
  }
}
