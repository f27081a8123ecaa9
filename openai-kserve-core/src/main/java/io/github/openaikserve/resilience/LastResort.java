package io.github.openaikserve.resilience;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The choice for a call when no endpoint is available. A call is never refused without trying.
 *
 * <p>An endpoint that can be reached gets the call, whatever its circuit breaker says. Where none
 * can be reached, health checks are made at once: the first endpoint that answers gets the call,
 * and if none does within a second the call fails with their error. A server that accepts
 * connections and does not answer may be busy: a bounded number of calls waits there.
 */
final class LastResort {
  private static final Duration MAX_WAIT = Duration.ofSeconds(1);

  /** How many endpoints are checked for one call. */
  private static final int MAX_CHECKS = 8;

  /** How many calls may wait at an endpoint that does not answer its health checks. */
  private static final int MAX_UNRESPONSIVE_CALLS = 64;

  private final Scheduler scheduler;
  private final List<ManagedEndpoint> endpoints;
  private final CompletableFuture<ManagedEndpoint> choice = new CompletableFuture<>();

  private LastResort(Scheduler scheduler, List<ManagedEndpoint> endpoints) {
    this.scheduler = scheduler;
    this.endpoints = endpoints;
  }

  /**
   * Returns the endpoint for a call, later.
   *
   * @param endpoints those at which the call has not failed yet, or all; not empty
   * @return fails with {@link BackendException} if none can be reached
   */
  static CompletableFuture<ManagedEndpoint> choose(
      Scheduler scheduler, List<ManagedEndpoint> endpoints) {
    List<ManagedEndpoint> reachable =
        endpoints.stream().filter(endpoint -> endpoint.health().isReachable()).toList();
    if (!reachable.isEmpty()) {
      return CompletableFuture.completedFuture(EndpointPicker.leastRequests(reachable, 0));
    }
    return new LastResort(scheduler, endpoints).check();
  }

  private CompletableFuture<ManagedEndpoint> check() {
    List<ManagedEndpoint> checked = new ArrayList<>(endpoints);
    if (checked.size() > MAX_CHECKS) {
      Collections.shuffle(checked);
      checked = checked.subList(0, MAX_CHECKS);
    }
    var left = new AtomicInteger(checked.size());
    for (ManagedEndpoint endpoint : checked) {
      endpoint
          .check()
          .whenComplete(
              (result, never) -> {
                if (result.isReachable()) {
                  choice.complete(endpoint);
                } else if (left.decrementAndGet() == 0) {
                  conclude();
                }
              });
    }
    if (!choice.isDone()) {
      Runnable timer = scheduler.schedule(MAX_WAIT, this::conclude);
      choice.whenComplete((chosen, failure) -> timer.run());
    }
    return choice;
  }

  private void conclude() {
    Optional<ManagedEndpoint> unresponsive =
        endpoints.stream()
            .filter(e -> e.health().result() == HealthCheck.Result.TIMED_OUT)
            .filter(e -> e.inFlight() < MAX_UNRESPONSIVE_CALLS)
            .findFirst();
    if (unresponsive.isPresent()) {
      choice.complete(unresponsive.get());
    } else {
      choice.completeExceptionally(new BackendException(BackendCode.UNAVAILABLE, message()));
    }
  }

  private String message() {
    String reason = endpoints.get(0).health().reason();
    return endpoints.size() == 1
        ? reason + "."
        : "All %d model servers are unavailable (last error: %s)."
            .formatted(endpoints.size(), reason);
  }
}
