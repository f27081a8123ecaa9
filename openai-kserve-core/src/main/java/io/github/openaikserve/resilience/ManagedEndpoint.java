package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.internal.resilience.HealthCheck;
import io.github.openaikserve.internal.resilience.ModelHealth;
import java.util.concurrent.CompletableFuture;
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

  /** The other endpoints of the same backend. */
  interface Siblings {
    /**
     * Returns the recent requests for a model at those siblings that have answered one since a
     * point in time.
     */
    ModelHealth.Rate rateSince(String model, long moment, ManagedEndpoint except);
  }

  private final Endpoint endpoint;
  private final InferenceBackend backend;
  private final EndpointSettings settings;
  private final CircuitBreaker breaker;
  private final HealthStatus health;
  private final HealthChecker checker;

  /** Negative after the endpoint was removed and its last call has ended. */
  private final AtomicInteger inFlight = new AtomicInteger();

  private final ModelHealth models;
  private volatile boolean removed;

  ManagedEndpoint(
      Endpoint endpoint, InferenceBackend backend, EndpointSettings settings, Siblings siblings) {
    this.endpoint = endpoint;
    this.backend = backend;
    this.settings = settings;
    this.models = new ModelHealth((model, moment) -> siblings.rateSince(model, moment, this));
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
    return isAvailable() && !models.isAvoided(model, nanoTime());
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

  ModelHealth.Rate rateSince(String model, long moment) {
    return models.rateSince(model, moment);
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
  void onCallEnd(InferCall call, EndpointCall.Outcome outcome, String reason) {
    inFlight.decrementAndGet();
    closeWhenDone();
    judge(call, outcome, reason);
  }

  /** Records the outcome of a call. */
  void judge(InferCall call, EndpointCall.Outcome outcome, String reason) {
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
        models.onUnavailable(call.request().modelName(), nanoTime());
        onRejected(call);
      }
      case REJECTED -> onRejected(call);
      case IGNORED -> {}
    }
  }

  private void onAnswerOf(InferCall call) {
    models.onSuccess(call.request().modelName(), nanoTime());
  }

  private void onSuccess(InferCall call) {
    breaker.onSuccess();
    onAnswerOf(call);
    if (!health().isReachable()) {
      health.set(HealthCheck.HEALTHY);
    }
  }

  private void onRejected(InferCall call) {
    String model = call.request().modelName();
    models
        .onRejected(model, call.request().inputs().hashCode(), nanoTime())
        .ifPresent(time -> report(listener -> listener.ejected(address(), model, time)));
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
