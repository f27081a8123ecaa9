package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.internal.resilience.CallOutcome;
import io.github.openaikserve.internal.resilience.HealthCheck;
import io.github.openaikserve.internal.resilience.ModelHealth;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One endpoint and its state: calls in flight, circuit breaker, health checks, and models for which
 * it is ejected. Thread-safe.
 */
final class ManagedEndpoint implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ManagedEndpoint.class);

  /** The maximum number of models whose answers are tracked. */
  private static final int MAX_MODELS = 1024;

  /** The other endpoints of the same backend. */
  interface Siblings {
    /**
     * Returns the recent requests for a model at those siblings that have answered one since a
     * point in time.
     */
    ModelHealth.Rate rateSince(long moment, String model, ManagedEndpoint except);
  }

  private final Endpoint endpoint;
  private final InferenceBackend backend;
  private final EndpointSettings settings;
  private final Siblings siblings;
  private final CircuitBreaker breaker;
  private final HealthStatus health;
  private final HealthChecker checker;

  /** Negative after the endpoint was removed and its last call has ended. */
  private final AtomicInteger inFlight = new AtomicInteger();

  private final Map<String, ModelHealth> models = new ConcurrentHashMap<>();
  private volatile boolean removed;

  ManagedEndpoint(
      Endpoint endpoint, InferenceBackend backend, EndpointSettings settings, Siblings siblings) {
    this.endpoint = endpoint;
    this.backend = backend;
    this.settings = settings;
    this.siblings = siblings;
    this.breaker =
        new CircuitBreaker(settings.circuitBreaker(), settings.scheduler(), this::circuitChanged);
    this.health = new HealthStatus(this, settings, breaker);
    this.checker =
        new HealthChecker(
            backend,
            settings.healthCheck(),
            settings.scheduler(),
            settings.random(),
            health::onHealthCheck);
  }

  String address() {
    return endpoint.address();
  }

  InferenceBackend backend() {
    return backend;
  }

  long nanoTime() {
    return settings.scheduler().nanoTime();
  }

  int inFlight() {
    return Math.max(0, inFlight.get());
  }

  HealthCheck health() {
    return health.current();
  }

  /** Returns whether the endpoint is available and not ejected for the model. */
  boolean isAvailable(String model) {
    ModelHealth known = models.get(model);
    return isAvailable() && (known == null || !known.isAvoided(nanoTime()));
  }

  /** Returns whether the endpoint passes its health checks and its circuit breaker is closed. */
  boolean isAvailable() {
    return health().permitsCalls() && breaker.state() == CircuitState.CLOSED;
  }

  EndpointStatus status() {
    HealthCheck now = health();
    CircuitState circuit = breaker.state();
    String reason = now.reason();
    if (now.permitsCalls()) {
      reason = circuit == CircuitState.CLOSED ? "" : "circuit breaker " + circuit.value();
    }
    return new EndpointStatus(address(), reason.isEmpty(), circuit, inFlight(), reason);
  }

  /** Returns the result of a current or recent health check. */
  CompletableFuture<HealthCheck> check() {
    return checker.check();
  }

  ModelHealth.Rate rateSince(long moment, String model) {
    ModelHealth known = models.get(model);
    return known == null ? ModelHealth.Rate.NONE : known.rateSince(moment);
  }

  /**
   * Counts a call as in flight. Returns false if the endpoint was removed and its backend is
   * closed.
   */
  boolean tryStartCall() {
    return inFlight.getAndUpdate(calls -> calls < 0 ? calls : calls + 1) >= 0;
  }

  /** Records that a response has arrived. */
  void onResponse() {
    health.onResponse();
  }

  /**
   * Records the end of a call.
   *
   * @param reason the reason for the log
   */
  void onCallEnd(InferCall call, CallOutcome outcome, String reason) {
    inFlight.decrementAndGet();
    closeWhenDone();
    judge(call, outcome, reason);
  }

  /** Records the outcome of a call. */
  void judge(InferCall call, CallOutcome outcome, String reason) {
    switch (outcome) {
      case SUCCESS -> onSuccess(call);
      case UNREACHABLE -> {
        breaker.onFailure(true, reason);
        health.set(new HealthCheck(HealthCheck.Result.UNREACHABLE, reason));
        checker.checkSoon();
      }
      case ANSWERED -> {
        breaker.onAnswer();
        onAnswerOf(call);
      }
      case FAULT -> breaker.onFailure(false, reason);
      case UNAVAILABLE -> {
        whenKnown(call, model -> model.onUnavailable(nanoTime()));
        whenKnown(call, model -> rejected(call, model));
      }
      case REJECTED -> whenKnown(call, model -> rejected(call, model));
      case IGNORED -> {}
    }
  }

  private void onAnswerOf(InferCall call) {
    whenKnown(call, model -> model.onSuccess(nanoTime()));
  }

  private void onSuccess(InferCall call) {
    breaker.onSuccess();
    onAnswerOf(call);
    if (!health().isReachable()) {
      health.set(HealthCheck.HEALTHY);
    }
  }

  private void rejected(InferCall call, ModelHealth model) {
    String name = call.request().modelName();
    if (model.onRejected(call.request().inputs().hashCode(), nanoTime())) {
      ModelHealth.Rate others = siblings.rateSince(model.rejectingSince(), name, this);
      model
          .ejects(others, nanoTime())
          .ifPresent(time -> report(listener -> listener.ejected(address(), name, time)));
    }
  }

  /** Passes the answers of a call's model to a task, unless too many models are known. */
  private void whenKnown(InferCall call, Consumer<ModelHealth> task) {
    String name = call.request().modelName();
    ModelHealth known = models.get(name);
    if (known == null && models.size() < MAX_MODELS) {
      known = models.computeIfAbsent(name, unseen -> new ModelHealth());
    }
    if (known != null) {
      task.accept(known);
    }
  }

  private void circuitChanged(CircuitState from, CircuitState to, String reason) {
    report(listener -> listener.circuitChanged(address(), from, to, reason));
    if (to == CircuitState.OPEN) {
      checker.checkSoon();
    }
  }

  private void report(Consumer<EndpointListener> event) {
    settings.events().add(this, event);
    settings.events().deliver();
  }

  /** Ends health checks immediately, and closes the backend when the last call has ended. */
  void remove() {
    checker.close();
    removed = true;
    closeWhenDone();
  }

  private void closeWhenDone() {
    if (removed && inFlight.compareAndSet(0, Integer.MIN_VALUE)) {
      closeBackend();
    }
  }

  @Override
  public void close() {
    checker.close();
    closeBackend();
  }

  private void closeBackend() {
    try {
      backend.close();
    } catch (Throwable e) {
      log.error("closing endpoint failed endpoint={}", endpoint, e);
    }
  }
}
