package io.github.openaikserve.internal.model;

import io.github.openaikserve.dialect.ModelSettings;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.resilience.Load;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A model and its route, which is kept up to date with the server's description of the model.
 * Thread-safe.
 *
 * <p>A dialect is detected before the first request. Detection is repeated in the background every
 * few minutes, and after calls whose failure suggests that the model has changed. Meanwhile the
 * known dialect stays in use; it is kept if the server does not answer. A configured dialect is
 * adapted to the model after the first such failure. A request costs one volatile read and no
 * query.
 */
public final class RegisteredModel {
  /** The time after which a known dialect is detected again. */
  static final Duration REFRESH_INTERVAL = Duration.ofMinutes(5);

  private final Route configured;
  private final ModelNames names;
  private final ModelMetadataReader metadata;
  private final ModelKnowledge knowledge;
  private final ModelAvailability availability;
  private final ModelDetection detection;
  private final Refresher refresher;
  private final ModelFeedback feedback;

  /**
   * Creates a model.
   *
   * @param detects whether the route has no dialect, so that the dialect is detected
   */
  public RegisteredModel(Route route, ModelNames names, boolean detects, Scheduler scheduler) {
    this.names = names;
    this.metadata = new ModelMetadataReader(route, scheduler);
    this.availability = new ModelAvailability(route, scheduler);
    this.refresher = new Refresher(this::refresh, REFRESH_INTERVAL, scheduler);
    this.feedback = new ModelFeedback(this, availability, refresher, scheduler);
    this.configured = route.withFeedback(feedback);
    this.knowledge = new ModelKnowledge(configured, detects);
    this.detection =
        new ModelDetection(
            configured, detects, knowledge, availability, feedback, refresher, scheduler);
  }

  /** Returns the name that clients use. */
  public String id() {
    return configured.id();
  }

  /** Returns the load of the model's concurrency limit; empty if it has none. */
  public Optional<Load> load() {
    return configured.load();
  }

  /** Returns the names of the model in addition to its id. */
  ModelNames names() {
    return names;
  }

  /** Returns the adapter's name at the server; empty if the name denotes the model itself. */
  Optional<String> adapter(String name) {
    return name.equals(id()) ? Optional.empty() : names.adapter(name);
  }

  /** Returns the server's metadata of the model, for clients. Never fails. */
  CompletableFuture<Map<String, Object>> metadata() {
    return metadata.read(known());
  }

  /** Returns the settings with which the model is called; empty until the dialect is detected. */
  Optional<ModelSettings> settings() {
    return known().map(route -> ModelChecker.settings(route, detection.reason()));
  }

  /** Returns the route as configured, without a detected dialect. */
  Route configured() {
    return configured;
  }

  /** Returns the route; empty until its dialect is detected. */
  Optional<Route> known() {
    return Optional.ofNullable(knowledge.route());
  }

  /** Returns whether the server's last report says that it does not have the model. */
  boolean isMissing() {
    return availability.isMissing();
  }

  /** Returns whether requests may be sent to the model. True until its server reports otherwise. */
  boolean mayServe() {
    return !availability.isUnavailable() && (knowledge.route() != null || !detection.hasFailed());
  }

  /** Returns whether the model can be called according to the last known state. */
  boolean isAvailable() {
    return knowledge.route() != null && !availability.isUnavailable();
  }

  /**
   * Returns a future of the route. Detects the dialect if necessary.
   *
   * @return fails with {@link DialectException} if the dialect is unknown, with {@link
   *     InvalidRequestException} (404) if the server does not have the model, with {@link
   *     BackendException} if the server did not describe the model
   */
  CompletableFuture<Route> route() {
    CompletableFuture<Void> doubted = feedback.awaited();
    return (doubted == null ? detect() : doubted).thenApply(done -> requireKnown());
  }

  /**
   * Returns a future of the route of the model or of its adapter with that name. Fails in the same
   * cases as {@link #route()}.
   */
  CompletableFuture<Route> route(String name) {
    return adapter(name)
        .map(adapter -> route().thenApply(route -> withAdapter(route, name, adapter)))
        .orElseGet(this::route);
  }

  private Route requireKnown() {
    return known().orElseThrow(detection::failure);
  }

  /**
   * Returns the route. Sends nothing. Throws in the cases in which {@link #route(String)} fails.
   */
  Route requireKnown(String name) {
    Route route = requireKnown();
    return adapter(name).map(adapter -> withAdapter(route, name, adapter)).orElse(route);
  }

  private Route withAdapter(Route route, String name, String adapter) {
    return route.withAdapter(name, adapter, names.adapters().containsKey(name));
  }

  /** Detects the dialect, unless it is known. Never fails. */
  CompletableFuture<Void> detect() {
    return detection.run();
  }

  /** Queries again whether the server has the model, if it was missing. Never fails. */
  CompletableFuture<Void> recheck() {
    return availability.isUnavailable()
        ? availability.check().thenApply(state -> null)
        : CompletableFuture.completedFuture(null);
  }

  /** Queries the server about the model after it was loaded or unloaded. Never fails. */
  CompletableFuture<Void> changed() {
    refreshSoon();
    return availability.recheck().thenApply(state -> null);
  }

  /** Requests a query of the description in the background. */
  void refreshSoon() {
    if (knowledge.isDescribed()) {
      refresher.request();
    }
  }

  private CompletableFuture<Boolean> refresh() {
    return detection.refresh();
  }

  /** Ends the background queries. The last known state is kept. */
  void close() {
    refresher.close();
  }

  /**
   * Returns the reason why the model is missing at its server; empty if it is not known to be
   * missing.
   */
  String missingReason() {
    return availability.isMissing() ? availability.reason() : "";
  }
}
