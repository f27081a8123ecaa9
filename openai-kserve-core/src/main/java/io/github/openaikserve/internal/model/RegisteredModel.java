package io.github.openaikserve.internal.model;

import io.github.openaikserve.dialect.Detection;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.resilience.Load;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model that is served: its route, which may have to be found out first. Thread-safe. */
public final class RegisteredModel {
  private static final Logger log = LoggerFactory.getLogger(RegisteredModel.class);

  /** How long a model that is not recognized is not asked about again. */
  private static final Duration REFUSED_FOR = Duration.ofMinutes(1);

  private final Route configured;
  private final SingleFlight asking;
  private volatile @Nullable Route route;
  private volatile @Nullable BackendCode unreachable;
  private volatile String explanation = "";

  /**
   * A model.
   *
   * @param detects whether its server has to be asked for the dialect that the route lacks
   */
  public RegisteredModel(Route configured, boolean detects, InstantSource clock) {
    this.configured = configured;
    this.asking = new SingleFlight(clock);
    this.route = detects ? null : configured;
  }

  /** The name clients use. */
  public String id() {
    return configured.id();
  }

  /** How busy the model's own limit is; empty where it has none. */
  public Optional<Load> load() {
    return configured.load();
  }

  /** All of the route but perhaps the dialect. */
  Route configured() {
    return configured;
  }

  /** The route; empty as long as nobody has found it out. */
  Optional<Route> known() {
    return Optional.ofNullable(route);
  }

  /**
   * The route, for which the server is asked where that has to be.
   *
   * @return fails with {@link DialectException} if the model is not recognized, with {@link
   *     BackendException} if its server cannot be asked
   */
  CompletableFuture<Route> route() {
    return ask().thenApply(done -> known().orElseThrow(this::failure));
  }

  /** The route as far as it is known; fails as {@link #route} does where it is not. */
  Route routeIfKnown() {
    return known().orElseThrow(this::failure);
  }

  /** Asks the server, unless the route is known. Never fails. */
  CompletableFuture<Void> ask() {
    return route != null
        ? CompletableFuture.completedFuture(null)
        : asking.ask(
            () -> {
              String version = configured.modelVersion();
              return Dialects.detect(
                      configured.backend(), configured.modelName(), version == null ? "" : version)
                  .handle(this::remember);
            });
  }

  private Duration remember(@Nullable Detection detection, @Nullable Throwable failure) {
    String before = explanation;
    if (detection == null) {
      Throwable cause = failure instanceof CompletionException e ? e.getCause() : failure;
      unreachable =
          cause instanceof BackendException backend ? backend.backendCode() : BackendCode.UNKNOWN;
      explanation =
          "It is not known yet how model '%s' is spoken to: its server cannot be asked: %s"
              .formatted(configured.id(), cause == null ? "" : cause.getMessage());
      logIfNew(before);
      return SingleFlight.REST;
    }
    unreachable = null;
    explanation = detection.explanation();
    if (!detection.isServable()) {
      logIfNew(before);
      return REFUSED_FOR;
    }
    route =
        configured.spokenTo(
            detection.dialect().orElse(null), detection.embeddingDialect().orElse(null));
    log.info("model '{}' is recognized: {}", configured.id(), explanation);
    return SingleFlight.REST;
  }

  private void logIfNew(String before) {
    if (!explanation.equals(before)) {
      log.warn("model '{}' is not served: {}", configured.id(), explanation);
    }
  }

  /** A new one for each caller, since callers add their own traces to it. */
  private OpenAiException failure() {
    BackendCode code = unreachable;
    if (code != null) {
      return new BackendException(code, explanation);
    }
    return new DialectException(
        explanation.isEmpty()
            ? "It is not known yet how model '%s' is spoken to: its server has not been asked, which check() does."
                .formatted(configured.id())
            : explanation);
  }
}
