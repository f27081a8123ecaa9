package io.github.openaikserve.resilience;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.internal.resilience.Durations;
import io.github.openaikserve.internal.resilience.HealthCheck;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The selection of an endpoint for a call when no endpoint is available. A call is never rejected
 * without an attempt.
 *
 * <p>A reachable endpoint receives the call even if its circuit breaker is open. If no endpoint is
 * reachable, health checks run immediately. The first endpoint that answers receives the call. If
 * none answers within a second, the call fails with the error of the health checks. A server that
 * accepts connections but does not answer may be busy, so a bounded number of calls is sent to it.
 */
final class LastResort {
  /** The maximum number of endpoints that are checked for one call. */
  private static final int MAX_CHECKS = 8;

  /** The maximum number of calls at an endpoint that does not answer its health checks. */
  private static final int MAX_UNRESPONSIVE_CALLS = 64;

  /** The conditions for an endpoint, in order of preference. */
  private static final List<Predicate<ManagedEndpoint>> REACHABLE =
      List.of(
          ManagedEndpoint::isAvailable, // it was only ejected for the model
          endpoint -> endpoint.health().permitsCalls(),
          endpoint -> endpoint.health().isReachable());

  private final EndpointPicker picker;
  private final Scheduler scheduler;
  private final List<ManagedEndpoint> endpoints;
  private final List<ManagedEndpoint> untried;
  private final Retries.Attempts attempts;
  private final CompletableFuture<ManagedEndpoint> choice = new CompletableFuture<>();

  /**
   * Creates a selection for one call.
   *
   * @param endpoints all endpoints, at least one; those at which the call has not failed yet come
   *     first
   * @param attempts the failed attempts of the call, and the time it has waited
   */
  LastResort(
      EndpointPicker picker,
      Scheduler scheduler,
      List<ManagedEndpoint> endpoints,
      Retries.Attempts attempts) {
    this.picker = picker;
    this.scheduler = scheduler;
    this.endpoints = endpoints;
    this.untried = endpoints.stream().filter(endpoint -> !attempts.hasFailedAt(endpoint)).toList();
    this.attempts = attempts;
  }

  /**
   * Returns a future of the endpoint for the call.
   *
   * @param affinityKey calls with the same key go to the same endpoint; null for none
   * @param limit the maximum time to wait; null for one second
   * @return fails with {@link BackendException} if no endpoint can be reached
   */
  CompletableFuture<ManagedEndpoint> choose(
      @Nullable String affinityKey, @Nullable Duration limit) {
    ManagedEndpoint reachable = reachable(affinityKey);
    if (reachable != null) {
      return CompletableFuture.completedFuture(reachable);
    }
    Duration left = attempts.waitLeft(scheduler.nanoTime());
    Duration wait = limit == null ? left : Durations.min(limit, left);
    check(affinityKey);
    if (!choice.isDone()) {
      Scheduler.Cancellable timer = scheduler.schedule(wait, () -> conclude(affinityKey));
      choice.whenComplete((chosen, failure) -> timer.cancel());
    }
    return choice;
  }

  private @Nullable ManagedEndpoint reachable(@Nullable String affinityKey) {
    ManagedEndpoint first = reachable(untried, affinityKey);
    return first == null ? reachable(endpoints, affinityKey) : first;
  }

  private @Nullable ManagedEndpoint reachable(
      List<ManagedEndpoint> among, @Nullable String affinityKey) {
    for (Predicate<ManagedEndpoint> condition : REACHABLE) {
      List<ManagedEndpoint> found = among.stream().filter(condition).toList();
      if (!found.isEmpty()) {
        return picker.pick(found, affinityKey);
      }
    }
    return null;
  }

  private void check(@Nullable String affinityKey) {
    List<ManagedEndpoint> checked = new ArrayList<>(endpoints);
    if (checked.size() > MAX_CHECKS) {
      Collections.shuffle(checked);
      checked = checked.subList(0, MAX_CHECKS);
    }
    var left = new AtomicInteger(checked.size());
    for (ManagedEndpoint endpoint : checked) {
      endpoint
          .check()
          .thenAccept(
              result -> {
                if (result.isReachable()) {
                  choice.complete(endpoint);
                } else if (left.decrementAndGet() == 0) {
                  conclude(affinityKey);
                }
              });
    }
  }

  private void conclude(@Nullable String affinityKey) {
    ManagedEndpoint returned = reachable(affinityKey);
    Optional<ManagedEndpoint> unresponsive =
        endpoints.stream()
            .filter(e -> e.health().result() == HealthCheck.Result.TIMED_OUT)
            .filter(e -> e.inFlight() < MAX_UNRESPONSIVE_CALLS)
            .findFirst();
    if (returned != null) {
      choice.complete(returned);
    } else if (unresponsive.isPresent()) {
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
