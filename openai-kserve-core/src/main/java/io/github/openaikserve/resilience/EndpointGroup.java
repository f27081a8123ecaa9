package io.github.openaikserve.resilience;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.internal.concurrent.Futures;
import io.github.openaikserve.internal.resilience.HealthCheck;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The selection of endpoints of one balanced backend. Thread-safe. */
final class EndpointGroup implements Retries.Target {
  /** The maximum number of endpoints to send one metadata query to, in sequence. */
  private static final int MAX_ASKED = 3;

  private final EndpointRegistry registry;
  private final EndpointPicker picker;

  /** Separate from the picker of calls, so that metadata queries do not disturb round robin. */
  private final EndpointPicker questionPicker = new EndpointPicker(BalancingPolicy.LEAST_REQUESTS);

  private final Scheduler scheduler;

  EndpointGroup(EndpointRegistry registry, BalancingPolicy policy, Scheduler scheduler) {
    this.registry = registry;
    this.picker = new EndpointPicker(policy);
    this.scheduler = scheduler;
  }

  @Override
  public CompletableFuture<Attempt> next(
      InferCall call, @Nullable Duration left, Retries.Attempts attempts) {
    return registry
        .whenReported(left, attempts, () -> choose(call, left, attempts))
        .thenApply(
            endpoint ->
                timed ->
                    endpoint.tryStartCall() ? new EndpointCall(endpoint, timed, attempts) : null);
  }

  private CompletableFuture<ManagedEndpoint> choose(
      InferCall call, @Nullable Duration left, Retries.Attempts attempts) {
    String model = call.request().modelName();
    List<ManagedEndpoint> all = registry.endpoints();
    if (registry.isClosed() || all.isEmpty()) {
      return noEndpoint();
    }
    List<ManagedEndpoint> untried = untried(all, attempts);
    ManagedEndpoint picked = picker.pick(available(untried, model), call.affinityKey());
    if (picked == null && untried.size() < all.size()) {
      // No other endpoint is available, and the first may have failed only once.
      picked = picker.pick(available(all, model), call.affinityKey());
    }
    return picked == null
        ? new LastResort(picker, scheduler, all, attempts).choose(call.affinityKey(), left)
        : CompletableFuture.completedFuture(picked);
  }

  private <T> CompletableFuture<T> noEndpoint() {
    BackendException failure =
        registry.isClosed()
            ? Retries.closedBackend()
            : new BackendException(
                BackendCode.UNAVAILABLE,
                "No model server is known yet. Retry after the endpoint source has reported one.",
                new IllegalStateException(registry.failure()));
    return CompletableFuture.failedFuture(failure);
  }

  private static List<ManagedEndpoint> untried(
      List<ManagedEndpoint> all, Retries.Attempts attempts) {
    if (attempts.isEmpty()) {
      return all;
    }
    return all.stream().filter(endpoint -> !attempts.hasFailedAt(endpoint)).toList();
  }

  private static List<ManagedEndpoint> available(List<ManagedEndpoint> all, String model) {
    boolean every = true;
    for (ManagedEndpoint endpoint : all) {
      every &= endpoint.isAvailable(model);
    }
    return every ? all : all.stream().filter(endpoint -> endpoint.isAvailable(model)).toList();
  }

  @Override
  public boolean hasAlternative(InferCall call, Retries.Attempts attempts) {
    String model = call.request().modelName();
    return untried(registry.endpoints(), attempts).stream()
        .anyMatch(endpoint -> endpoint.isAvailable(model));
  }

  @Override
  public void retried(Retries.Attempts attempts) {
    attempts
        .last()
        .ifPresent(
            endpoint -> {
              registry.events().add(endpoint, each -> each.retried(endpoint.address()));
              registry.events().deliver();
            });
  }

  /** Returns whether an endpoint passes its health checks. */
  CompletionStage<Optional<Boolean>> ready() {
    return registry
        .whenReported(null, new Retries.Attempts(), this::anyHealthy)
        .handle((healthy, failure) -> Optional.of(failure == null && healthy));
  }

  /**
   * Returns whether any endpoint is healthy. Waits only for first health checks; all other results
   * are known.
   */
  private CompletableFuture<Boolean> anyHealthy() {
    if (registry.isClosed()) {
      return CompletableFuture.completedFuture(false);
    }
    List<CompletableFuture<HealthCheck>> unknown = new ArrayList<>();
    for (ManagedEndpoint endpoint : registry.endpoints()) {
      if (endpoint.health().isHealthy()) {
        return CompletableFuture.completedFuture(true);
      }
      if (endpoint.health().result() == HealthCheck.Result.UNKNOWN) {
        unknown.add(endpoint.check());
      }
    }
    var healthy = new CompletableFuture<Boolean>();
    unknown.forEach(
        check ->
            check.thenAccept(
                result -> {
                  if (result.isHealthy()) {
                    healthy.complete(true);
                  }
                }));
    // The order of a future's dependents is not specified, so the health is read again.
    CompletableFuture.allOf(unknown.toArray(CompletableFuture<?>[]::new))
        .thenAccept(
            all -> healthy.complete(unknown.stream().anyMatch(check -> check.join().isHealthy())));
    return healthy;
  }

  /** Sends a metadata query to one endpoint, and to others while endpoints are unreachable. */
  <T> CompletionStage<T> ask(Function<InferenceBackend, CompletionStage<T>> question) {
    return ask(question, new Retries.Attempts(), 1);
  }

  private <T> CompletionStage<T> ask(
      Function<InferenceBackend, CompletionStage<T>> question,
      Retries.Attempts attempts,
      int number) {
    return registry
        .whenReported(null, attempts, () -> chooseForQuestion(attempts))
        .thenCompose(
            endpoint ->
                question
                    .apply(endpoint.backend())
                    .handle(
                        (answer, failure) -> {
                          if (failure == null) {
                            return CompletableFuture.completedFuture(answer);
                          }
                          attempts.failedAt(endpoint);
                          boolean more =
                              number < MAX_ASKED
                                  && isUnreachable(failure)
                                  && !untried(registry.endpoints(), attempts).isEmpty();
                          return more
                              ? ask(question, attempts, number + 1)
                              : CompletableFuture.<T>failedFuture(failure);
                        })
                    .thenCompose(Function.identity()));
  }

  /** Sends a query to every endpoint concurrently. True if any of them answers true. */
  CompletionStage<Boolean> askAll(Function<InferenceBackend, CompletionStage<Boolean>> question) {
    var attempts = new Retries.Attempts();
    return registry
        .whenReported(null, attempts, () -> chooseForQuestion(attempts))
        .thenCompose(
            any -> {
              List<CompletableFuture<Boolean>> answers =
                  registry.endpoints().stream()
                      .map(endpoint -> question.apply(endpoint.backend()).toCompletableFuture())
                      .toList();
              return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                  .thenApply(all -> answers.stream().anyMatch(CompletableFuture::join));
            });
  }

  private CompletableFuture<ManagedEndpoint> chooseForQuestion(Retries.Attempts attempts) {
    List<ManagedEndpoint> all = registry.endpoints();
    if (registry.isClosed() || all.isEmpty()) {
      return noEndpoint();
    }
    List<ManagedEndpoint> untried = untried(all, attempts);
    ManagedEndpoint picked =
        questionPicker.pick(untried.stream().filter(ManagedEndpoint::isAvailable).toList(), null);
    return picked == null
        ? new LastResort(questionPicker, scheduler, all, attempts).choose(null, null)
        : CompletableFuture.completedFuture(picked);
  }

  private static boolean isUnreachable(Throwable failure) {
    return EndpointCall.Outcome.of(Futures.cause(failure)) == EndpointCall.Outcome.UNREACHABLE;
  }
}
