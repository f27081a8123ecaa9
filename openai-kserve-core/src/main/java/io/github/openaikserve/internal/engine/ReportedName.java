package io.github.openaikserve.internal.engine;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.internal.flow.Publishers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The name that a route's server gives its model, remembered once it has told. Thread-safe. */
final class ReportedName {
  private static final Logger log = LoggerFactory.getLogger(ReportedName.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Route route;
  private final Optional<InferCall> call;
  private final Asking asking = new Asking();
  private volatile Optional<String> lastKnown = Optional.empty();

  ReportedName(Route route) {
    this.route = route;
    var generation =
        new Generation(route.modelName(), route.modelVersion(), Map.of(RequestField.PROMPT, ""));
    this.call = route.dialect().modelNameCall(generation).map(c -> c.withTimeout(PATIENCE));
  }

  Route route() {
    return route;
  }

  Optional<String> lastKnown() {
    return lastKnown;
  }

  /** Asks the server, unless somebody is asking already. Never fails. */
  CompletableFuture<Void> ask() {
    if (call.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    return asking.ask(
        () ->
            Publishers.only(Publishers.defer(() -> route.backend().infer(call.get())))
                .thenApply(response -> route.dialect().modelName(response))
                .thenAccept(name -> lastKnown = name)
                .whenComplete((done, failure) -> note(failure)));
  }

  private void note(@Nullable Throwable failure) {
    if (failure != null) {
      log.debug("the server of model '{}' did not tell its name", route.id(), failure);
    }
  }
}
