package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One endpoint with everything that is known of it: its calls in flight, its circuit breaker, its
 * health checks, and the models that it refuses to serve. Thread-safe.
 */
final class ManagedEndpoint implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ManagedEndpoint.class);

  /** The names of models come from the configuration; more than this are not watched. */
  private static final int MAX_MODELS = 1024;

  /** Health checks that may time out in a row before the endpoint counts as unresponsive. */
  private static final int MAX_TIMEOUTS = 2;

  /** Returns the other endpoints' answer to whether one of them serves a model. */
  interface Siblings {
    boolean anyAnswers(ManagedEndpoint except, String model);
  }

  private final Endpoint endpoint;
  private final InferenceBackend backend;
  private final EndpointSettings settings;
  private final Siblings siblings;
  private final CircuitBreaker breaker;
  private final HealthChecker checker;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Map<String, ModelHealth> models = new ConcurrentHashMap<>();
  private volatile HealthCheck health = HealthCheck.UNKNOWN;
  private volatile boolean removed;

  /** Written by calls, once after each health check, so that a response costs one comparison. */
  private volatile boolean progressed;

  // Guarded by checker.
  private int timeouts;

  ManagedEndpoint(
      Endpoint endpoint, InferenceBackend backend, EndpointSettings settings, Siblings siblings) {
    this.endpoint = endpoint;
    this.backend = backend;
    this.settings = settings;
    this.siblings = siblings;
    this.breaker =
        new CircuitBreaker(settings.circuitBreaker(), settings.scheduler(), this::circuitChanged);
    this.checker =
        new HealthChecker(
            backend,
            settings.healthCheck(),
            settings.scheduler(),
            settings.random(),
            this::onHealthCheck);
  }

  String address() {
    return endpoint.address();
  }

  InferenceBackend backend() {
    return backend;
  }

  int inFlight() {
    return inFlight.get();
  }

  HealthCheck health() {
    return health;
  }

  /** Returns whether calls for the model are sent here while other endpoints are available too. */
  boolean isAvailable(String model) {
    if (!isAvailable()) {
      return false;
    }
    ModelHealth known = models.get(model);
    return known == null || !known.isAvoided(settings.scheduler().nanoTime());
  }

  /** Returns whether the endpoint passes its health checks and its circuit breaker is closed. */
  boolean isAvailable() {
    return health.permitsCalls() && breaker.state() == CircuitState.CLOSED;
  }

  EndpointStatus status() {
    HealthCheck now = health;
    CircuitState circuit = breaker.state();
    String reason = now.reason();
    if (now.permitsCalls()) {
      reason = circuit == CircuitState.CLOSED ? "" : "its circuit breaker is " + circuit.value();
    }
    return new EndpointStatus(address(), reason.isEmpty(), circuit, inFlight.get(), reason);
  }

  /** Returns the result of a health check that is made now, or has just been made. */
  CompletableFuture<HealthCheck> check() {
    return checker.check();
  }

  boolean answers(String model) {
    ModelHealth known = models.get(model);
    return known != null && known.answers(settings.scheduler().nanoTime());
  }

  void onCallStart() {
    inFlight.incrementAndGet();
  }

  /** Records that a response has arrived. */
  void onResponse() {
    if (!progressed) {
      progressed = true;
    }
  }

  /**
   * Records the end of a call.
   *
   * @param reason what happened, for the log
   */
  void onCallEnd(InferCall call, CallOutcome outcome, String reason) {
    if (inFlight.decrementAndGet() == 0 && removed) {
      backend.close();
    }
    judge(call, outcome, reason);
  }

  /** Records what a call says about the endpoint. */
  void judge(InferCall call, CallOutcome outcome, String reason) {
    switch (outcome) {
      case SUCCESS -> onSuccess(call);
      case UNREACHABLE -> {
        breaker.onFailure(true, reason);
        setHealth(new HealthCheck(HealthCheck.Result.UNREACHABLE, reason));
        checker.checkSoon();
      }
      case FAULT -> breaker.onFailure(false, reason);
      case UNAVAILABLE -> whenKnown(call, m -> unavailable(call, m));
      case REJECTED -> whenKnown(call, m -> rejected(call, m));
      case IGNORED -> {}
    }
  }

  private void onSuccess(InferCall call) {
    breaker.onSuccess();
    ModelHealth model = model(call);
    if (model != null) {
      model.onSuccess(settings.scheduler().nanoTime());
    }
    if (!health.isReachable()) {
      setHealth(HealthCheck.HEALTHY);
    }
  }

  private boolean unavailable(InferCall call, ModelHealth model) {
    model.onUnavailable(settings.scheduler().nanoTime());
    return rejected(call, model);
  }

  private boolean rejected(InferCall call, ModelHealth model) {
    String name = call.request().modelName();
    model
        .onRejected(
            call.request().inputs().hashCode(),
            siblings.anyAnswers(this, name),
            settings.scheduler().nanoTime())
        .ifPresent(time -> ejected(name, time));
    return true;
  }

  private void ejected(String model, Duration time) {
    log.warn(
        "endpoint ejected backend={} endpoint={} model={} for={}s: it refused {} different requests"
            + " in a row while other endpoints answer",
        settings.name(),
        endpoint,
        model,
        time.toSeconds(),
        ModelHealth.MIN_REJECTIONS);
    settings.events().ejected(address(), model, time);
  }

  private void whenKnown(InferCall call, Predicate<ModelHealth> task) {
    ModelHealth model = model(call);
    if (model != null) {
      boolean unused = task.test(model);
    }
  }

  private @Nullable ModelHealth model(InferCall call) {
    String name = call.request().modelName();
    ModelHealth known = models.get(name);
    if (known == null && models.size() < MAX_MODELS) {
      known = models.computeIfAbsent(name, unseen -> new ModelHealth());
    }
    return known;
  }

  private void onHealthCheck(HealthCheck check) {
    boolean progress = progressed;
    progressed = false;
    switch (check.result()) {
      case HEALTHY -> {
        countTimeout(false);
        setHealth(check);
        breaker.onHealthy();
      }
      case TIMED_OUT -> {
        // A busy server may answer health checks after everything else.
        if (!progress && (countTimeout(true) >= MAX_TIMEOUTS || !health.permitsCalls())) {
          fail(check);
        }
      }
      default -> {
        countTimeout(false);
        fail(check);
      }
    }
  }

  private void fail(HealthCheck check) {
    setHealth(check);
    breaker.onUnhealthy(check.reason());
  }

  private int countTimeout(boolean timedOut) {
    synchronized (checker) {
      timeouts = timedOut ? timeouts + 1 : 0;
      return timeouts;
    }
  }

  private void setHealth(HealthCheck now) {
    HealthCheck before;
    synchronized (this) {
      before = health;
      health = now;
    }
    boolean changed = before.permitsCalls() != now.permitsCalls();
    if (!changed && !(before.result() == HealthCheck.Result.UNKNOWN && now.isHealthy())) {
      return;
    }
    if (changed) {
      if (now.isHealthy()) {
        log.info("endpoint available backend={} endpoint={}", settings.name(), endpoint);
      } else {
        log.warn(
            "endpoint unavailable backend={} endpoint={}: {}",
            settings.name(),
            endpoint,
            now.reason());
      }
      settings.onUnavailable().accept(this);
    }
    settings.events().healthChanged(address(), now.isHealthy(), now.reason());
  }

  private void circuitChanged(CircuitState from, CircuitState to, String reason) {
    if (to == CircuitState.OPEN) {
      log.warn(
          "circuit breaker open backend={} endpoint={}: {}", settings.name(), endpoint, reason);
    } else {
      log.info(
          "circuit breaker {} backend={} endpoint={}: {}",
          to.value(),
          settings.name(),
          endpoint,
          reason);
    }
    settings.events().circuitChanged(address(), from, to, reason);
    if (to == CircuitState.OPEN) {
      checker.checkSoon();
    }
  }

  /** Ends health checks now and the backend when its last call has ended. */
  void remove() {
    checker.close();
    removed = true;
    if (inFlight.get() == 0) {
      backend.close();
    }
  }

  @Override
  public void close() {
    checker.close();
    backend.close();
  }
}
