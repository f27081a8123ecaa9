package io.github.openaikserve.internal.model;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The name that a route's server reports for its model. Thread-safe.
 *
 * <p>AnyServe answers only after the generations that it is busy with, so the server is asked in
 * the background and callers get what is known. Only the first question is waited for, and not for
 * long.
 */
final class UpstreamName {
  private static final Logger log = LoggerFactory.getLogger(UpstreamName.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration FIRST_WAIT = Duration.ofMillis(500);

  private final RegisteredModel model;
  private final SingleFlight asking;
  private final Scheduler scheduler;
  private volatile Optional<String> lastKnown = Optional.empty();
  private volatile boolean waitedOnce;

  UpstreamName(RegisteredModel model, Scheduler scheduler) {
    this.model = model;
    this.asking = new SingleFlight(scheduler);
    this.scheduler = scheduler;
  }

  RegisteredModel model() {
    return model;
  }

  Optional<String> lastKnown() {
    return lastKnown;
  }

  /**
   * Asks the server, unless it is being asked already.
   *
   * @return done when {@link #lastKnown} may be read: at once, but for the first question, whose
   *     answer is waited for at most half a second. Never fails
   */
  CompletableFuture<Void> ask() {
    Optional<Route> route = model.known().filter(Route::generates);
    Optional<InferCall> call = route.flatMap(UpstreamName::call);
    if (route.isEmpty() || call.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> answer = asking.ask(() -> asked(route.get(), call.get()));
    return waitedOnce ? CompletableFuture.completedFuture(null) : firstWait(answer);
  }

  private CompletableFuture<Void> firstWait(CompletableFuture<Void> answer) {
    var over = new CompletableFuture<Void>();
    Runnable end =
        () -> {
          waitedOnce = true;
          over.complete(null);
        };
    Scheduler.Cancellable timer = scheduler.schedule(FIRST_WAIT, end);
    answer.thenRun(
        () -> {
          timer.cancel();
          end.run();
        });
    return over;
  }

  private static Optional<InferCall> call(Route route) {
    var generation =
        new Generation(route.modelName(), route.modelVersion(), Map.of(RequestField.PROMPT, ""));
    return route.dialect().modelNameCall(generation).map(call -> call.withTimeout(TIMEOUT));
  }

  private CompletableFuture<Duration> asked(Route route, InferCall call) {
    return Publishers.only(Publishers.defer(() -> route.backend().infer(call)))
        .thenApply(response -> route.dialect().modelName(response))
        .handle(
            (name, failure) -> {
              if (failure == null) {
                lastKnown = name;
              } else {
                log.debug("the server of model '{}' did not tell its name", route.id(), failure);
              }
              return SingleFlight.REST;
            });
  }
}
