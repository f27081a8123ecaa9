package io.github.openaikserve.internal.model;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.model.ModelKnowledge.Learned;
import io.github.openaikserve.internal.model.ModelKnowledge.Outcome;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The detection of a model's dialect: the queries of the server's description, and why the dialect
 * is unknown. Thread-safe.
 */
final class ModelDetection {
  private static final Logger log = LoggerFactory.getLogger(ModelDetection.class);

  /** The time after which an unknown dialect is detected again. */
  private static final Duration UNKNOWN_TTL = Duration.ofMinutes(1);

  /** The number of models whose dialects are detected concurrently. */
  private static final int CONCURRENCY = 8;

  private final Route route;
  private final boolean detects;
  private final ModelKnowledge knowledge;
  private final ModelAvailability availability;
  private final ModelFeedback feedback;
  private final Refresher refresher;
  private final Scheduler scheduler;
  private final SingleFlight flight;

  private volatile @Nullable BackendCode failureCode;

  /** Why the dialect is unknown, for the error that clients receive. */
  private volatile String explanation;

  /** How the dialect was chosen, for the settings that are shown. */
  private volatile String reason = "configured";

  /**
   * Creates the detection. Sends nothing.
   *
   * @param route the route as configured
   * @param detects whether the route has no dialect
   * @param feedback is notified when the description has changed
   * @param refresher is started when the dialect is known
   */
  ModelDetection(
      Route route,
      boolean detects,
      ModelKnowledge knowledge,
      ModelAvailability availability,
      ModelFeedback feedback,
      Refresher refresher,
      Scheduler scheduler) {
    this.route = route;
    this.detects = detects;
    this.knowledge = knowledge;
    this.availability = availability;
    this.feedback = feedback;
    this.refresher = refresher;
    this.scheduler = scheduler;
    this.flight = new SingleFlight(scheduler);
    this.explanation =
        "The dialect of model '%s' has not been detected yet. Call check() to detect it."
            .formatted(id());
  }

  private String id() {
    return route.id();
  }

  /** Returns how the dialect was chosen. */
  String reason() {
    return reason;
  }

  /** Returns whether the last query of the first description failed. */
  boolean hasFailed() {
    return failureCode != null;
  }

  /** Detects the dialect, unless it is known. Never fails. */
  CompletableFuture<Void> run() {
    return knowledge.route() != null
        ? CompletableFuture.completedFuture(null)
        : flight.run(this::describeFirst, this::remember);
  }

  /** Detects the dialects of queued models, several at a time. Never fails. */
  static CompletableFuture<Void> ofAll(Queue<RegisteredModel> queue) {
    return CompletableFuture.allOf(
        Stream.generate(() -> detectEach(queue))
            .limit(CONCURRENCY)
            .toArray(CompletableFuture<?>[]::new));
  }

  private static CompletableFuture<Void> detectEach(Queue<RegisteredModel> queue) {
    for (RegisteredModel model = queue.poll(); model != null; model = queue.poll()) {
      CompletableFuture<Void> detected = model.detect();
      if (!detected.isDone()) {
        return detected.thenCompose(done -> detectEach(queue));
      }
    }
    return CompletableFuture.completedFuture(null);
  }

  private CompletableFuture<ModelDescription> describe() {
    String version = route.modelVersion() == null ? "" : route.modelVersion();
    return ModelDescription.read(route.backend(), route.modelName(), version);
  }

  /** Queries the first description. If there is none, queries whether the server has the model. */
  private CompletableFuture<ModelDescription> describeFirst() {
    return describe()
        .thenCompose(
            described ->
                described.metadata().isPresent()
                    ? CompletableFuture.completedFuture(described)
                    : availability.check().thenApply(state -> described));
  }

  /** Applies the first description. */
  private Duration remember(@Nullable ModelDescription described, @Nullable Throwable failure) {
    if (described == null) {
      failureCode =
          failure instanceof BackendException backend ? backend.backendCode() : BackendCode.UNKNOWN;
      explain(
          "The dialect of model '%s' has not been detected: %s"
              .formatted(id(), failure == null ? "" : ModelChecker.reason(failure)));
      return SingleFlight.DEFAULT_TTL;
    }
    failureCode = null;
    return learn(described) == Outcome.KNOWN || described.inputs().isEmpty()
        ? SingleFlight.DEFAULT_TTL
        : UNKNOWN_TTL;
  }

  private Outcome learn(ModelDescription described) {
    Learned learned = knowledge.learn(described);
    if (learned.outcome() == Outcome.KNOWN) {
      if (!learned.explanation().isEmpty()) {
        feedback.described();
      }
      availability.found();
      refresher.start();
      if (!learned.explanation().isEmpty()) {
        reason = learned.explanation();
        log.info("model dialect detected model={} reason=\"{}\"", id(), learned.explanation());
      }
    } else if (detects && knowledge.route() == null) {
      explain(
          described.metadata().isPresent()
              ? learned.explanation()
              : availability.undescribed(described, learned.explanation()));
    }
    return learned.outcome();
  }

  /** Queries a new description. The known one stays in use until then. */
  CompletableFuture<Boolean> refresh() {
    return SingleFlight.ask(this::describe, SingleFlight.TIMEOUT, scheduler)
        .handle(
            (described, failure) -> {
              if (described == null || knowledge.isPoorer(described)) {
                log.debug("model description failed, keeping the last one model={}", id(), failure);
                return false;
              }
              // A model that is missing or loading may have changed when it is available again.
              return learn(described) != Outcome.SILENT || !detects;
            });
  }

  private void explain(String reason) {
    if (!reason.equals(explanation)) {
      log.warn("model not served model={} reason=\"{}\"", id(), reason);
    }
    explanation = reason;
  }

  /**
   * Returns why the model cannot be called. Creates a new exception for each caller, because
   * callers add their own stack traces to it.
   */
  OpenAiException failure() {
    BackendCode code = failureCode;
    if (code != null) {
      return new BackendException(code, explanation);
    }
    if (availability.isMissing()) {
      return InvalidRequestException.modelNotFound(id());
    }
    return availability.state() == ModelState.NOT_READY
        ? ModelAvailability.notReady(id())
        : new DialectException(explanation);
  }
}
