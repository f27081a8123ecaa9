package io.github.openaikserve.internal.model;

import io.github.openaikserve.dialect.Detection;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.resilience.Load;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model and its route, whose dialect may have to be detected first. Thread-safe. */
public final class RegisteredModel {
  private static final Logger log = LoggerFactory.getLogger(RegisteredModel.class);

  /** The time after which an unknown dialect is detected again. */
  private static final Duration UNKNOWN_TTL = Duration.ofMinutes(1);

  private final Route configured;
  private final List<String> aliases;
  private final SingleFlight detection;
  private volatile @Nullable Route route;
  private volatile @Nullable BackendCode failureCode;
  private volatile String explanation;

  /**
   * Creates a model.
   *
   * @param aliases further names that clients use
   * @param detects whether the route lacks its dialect, which the server is asked for
   */
  public RegisteredModel(
      Route configured, List<String> aliases, boolean detects, Scheduler scheduler) {
    this.configured = configured;
    this.aliases = List.copyOf(aliases);
    this.detection = new SingleFlight(scheduler);
    this.route = detects ? null : configured;
    this.explanation =
        "The dialect of model '%s' has not been detected yet: call check() to ask its server."
            .formatted(id());
  }

  /** Returns the name that clients use. */
  public String id() {
    return configured.id();
  }

  /** Returns the load of the model's concurrency limit; empty if it has none. */
  public Optional<Load> load() {
    return configured.load();
  }

  List<String> aliases() {
    return aliases;
  }

  /** Returns the route as configured, without a detected dialect. */
  Route configured() {
    return configured;
  }

  /** Returns the route; empty until its dialect is detected. */
  Optional<Route> known() {
    return Optional.ofNullable(route);
  }

  /**
   * Returns the route, for which the dialect is detected if necessary.
   *
   * @return fails with {@link DialectException} if the dialect is unknown, with {@link
   *     BackendException} if the server did not describe the model
   */
  CompletableFuture<Route> route() {
    return detect().thenApply(done -> requireKnown());
  }

  /** Returns the route without asking the server; throws as {@link #route} fails. */
  Route requireKnown() {
    return known().orElseThrow(this::failure);
  }

  /** Detects the dialect, unless it is known. Never fails. */
  CompletableFuture<Void> detect() {
    String version = configured.modelVersion() == null ? "" : configured.modelVersion();
    return route != null
        ? CompletableFuture.completedFuture(null)
        : detection.run(
            () -> Dialects.detect(configured.backend(), configured.modelName(), version),
            this::remember);
  }

  private Duration remember(@Nullable Detection detected, @Nullable Throwable failure) {
    if (detected == null) {
      failureCode =
          failure instanceof BackendException backend ? backend.backendCode() : BackendCode.UNKNOWN;
      explain(
          "The dialect of model '%s' has not been detected: %s"
              .formatted(id(), failure == null ? "" : ModelChecker.reason(failure)));
      return SingleFlight.DEFAULT_TTL;
    }
    failureCode = null;
    if (!detected.isServable()) {
      explain(detected.explanation());
      return UNKNOWN_TTL;
    }
    route =
        configured.withDialects(
            detected.dialect().orElse(null), detected.embeddingDialect().orElse(null));
    log.info("model dialect detected model={} reason=\"{}\"", id(), detected.explanation());
    return SingleFlight.DEFAULT_TTL;
  }

  private void explain(String reason) {
    if (!reason.equals(explanation)) {
      log.warn("model not served model={} reason=\"{}\"", id(), reason);
    }
    explanation = reason;
  }

  /** Creates a new exception for each caller, because callers add their own stack traces to it. */
  private OpenAiException failure() {
    BackendCode code = failureCode;
    return code == null
        ? new DialectException(explanation)
        : new BackendException(code, explanation);
  }
}
