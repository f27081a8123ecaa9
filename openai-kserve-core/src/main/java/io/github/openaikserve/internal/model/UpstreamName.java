package io.github.openaikserve.internal.model;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The name that a server reports for a configured model. Thread-safe.
 *
 * <p>AnyServe answers only after its running generations. The server is therefore queried in the
 * background, and callers use the last known name. Callers wait only for the first query, for at
 * most {@link #FIRST_WAIT}.
 */
final class UpstreamName {
  private static final Logger log = LoggerFactory.getLogger(UpstreamName.class);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration FIRST_WAIT = Duration.ofMillis(500);

  private final RegisteredModel model;
  private final SingleFlight refresh;
  private final Scheduler scheduler;
  private volatile Optional<String> lastKnown = Optional.empty();
  private volatile boolean waitedOnce;

  UpstreamName(RegisteredModel model, Scheduler scheduler) {
    this.model = model;
    this.refresh = new SingleFlight(scheduler);
    this.scheduler = scheduler;
  }

  RegisteredModel model() {
    return model;
  }

  Optional<String> lastKnown() {
    return lastKnown;
  }

  /**
   * Queries the server for the name.
   *
   * @return completes when {@link #lastKnown} may be read; never fails
   */
  CompletableFuture<Void> refresh() {
    Route route = model.known().orElse(null);
    if (route == null || route.dialect() == null) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> answer = refresh.run(() -> ask(route), this::remember);
    return waitedOnce
        ? CompletableFuture.completedFuture(null)
        : SingleFlight.ask(() -> answer, FIRST_WAIT, scheduler)
            .handle(
                (done, late) -> {
                  waitedOnce = true;
                  return null;
                });
  }

  private static CompletableFuture<String> ask(Route route) {
    Dialect dialect = route.requireDialect();
    var generation =
        new Generation(route.modelName(), route.modelVersion(), Map.of(RequestField.PROMPT, ""));
    return dialect
        .modelNameCall(generation)
        .map(call -> Publishers.toFuture(route.backend().infer(call.withTimeout(CALL_TIMEOUT))))
        .map(response -> response.thenApply(one -> dialect.modelName(one).orElse("")))
        .orElseGet(() -> CompletableFuture.completedFuture(""));
  }

  private Duration remember(@Nullable String name, @Nullable Throwable failure) {
    if (name != null) {
      lastKnown = name.isEmpty() ? Optional.empty() : Optional.of(name);
    } else {
      log.debug("upstream model name unknown model={}", model.id(), failure);
    }
    return SingleFlight.DEFAULT_TTL;
  }
}
