package io.github.openaikserve.internal.engine;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.internal.flow.Publishers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The name that a route's server gives its model, remembered once it has told. Thread-safe. */
final class ReportedName {
  private static final Logger log = LoggerFactory.getLogger(ReportedName.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ServedModel model;
  private final Asking asking;
  private volatile Optional<String> lastKnown = Optional.empty();

  ReportedName(ServedModel model, InstantSource clock) {
    this.model = model;
    this.asking = new Asking(clock);
  }

  ServedModel model() {
    return model;
  }

  Optional<String> lastKnown() {
    return lastKnown;
  }

  /** Asks the server, unless somebody is asking already. Never fails. */
  CompletableFuture<Void> ask() {
    Optional<Route> route = model.known().filter(Route::generates);
    Optional<InferCall> call = route.flatMap(ReportedName::call);
    if (route.isEmpty() || call.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    return asking.ask(() -> asked(route.get(), call.get()));
  }

  private static Optional<InferCall> call(Route route) {
    var generation =
        new Generation(route.modelName(), route.modelVersion(), Map.of(RequestField.PROMPT, ""));
    return route.dialect().modelNameCall(generation).map(call -> call.withTimeout(PATIENCE));
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
              return Asking.REST;
            });
  }
}
