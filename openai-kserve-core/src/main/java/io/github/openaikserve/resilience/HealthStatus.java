package io.github.openaikserve.resilience;

import io.github.openaikserve.internal.resilience.HealthCheck;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The health of one endpoint, according to its health checks and its calls. Reports changes.
 * Thread-safe.
 */
final class HealthStatus {
  /**
   * The number of consecutive health checks that may time out before the endpoint counts as
   * unresponsive.
   */
  private static final int MAX_TIMEOUTS = 2;

  private final ManagedEndpoint endpoint;
  private final EndpointSettings settings;
  private final CircuitBreaker breaker;
  private volatile HealthCheck current = HealthCheck.UNKNOWN;

  /**
   * Whether a response has arrived since the last health check. Written at most once between two
   * health checks, so that a response costs one comparison.
   */
  private volatile boolean progressed;

  /** The number of consecutive health checks that have timed out. */
  private final AtomicInteger timeouts = new AtomicInteger();

  HealthStatus(ManagedEndpoint endpoint, EndpointSettings settings, CircuitBreaker breaker) {
    this.endpoint = endpoint;
    this.settings = settings;
    this.breaker = breaker;
  }

  HealthCheck current() {
    return current;
  }

  /** Records that a response has arrived. */
  void onResponse() {
    if (!progressed) {
      progressed = true;
    }
  }

  /** Records the result of a health check. */
  void onHealthCheck(HealthCheck check) {
    boolean progress = progressed;
    progressed = false;
    switch (check.result()) {
      case HEALTHY -> {
        timeouts.set(0);
        set(check);
        breaker.onHealthy();
      }
      case TIMED_OUT -> {
        // A busy server may answer health checks last.
        if (!progress && (timeouts.incrementAndGet() >= MAX_TIMEOUTS || !current.permitsCalls())) {
          fail(check);
        }
      }
      default -> {
        timeouts.set(0);
        fail(check);
      }
    }
  }

  private void fail(HealthCheck check) {
    set(check);
    breaker.onUnhealthy(check.reason());
  }

  /** Sets the health, and reports a change. */
  void set(HealthCheck now) {
    EndpointEvents events = settings.events();
    boolean changed;
    synchronized (this) {
      HealthCheck before = current;
      current = now;
      changed = before.permitsCalls() != now.permitsCalls();
      if (!changed && !(before.result() == HealthCheck.Result.UNKNOWN && now.isHealthy())) {
        return;
      }
      events.add(
          endpoint, each -> each.healthChanged(endpoint.address(), now.isHealthy(), now.reason()));
    }
    events.deliver();
    if (changed) {
      settings.onHealthChanged().accept(endpoint);
    }
  }
}
