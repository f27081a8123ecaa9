package io.github.openaikserve.internal.model;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.model.CallFeedback.Recovery;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The availability of one model at its server. The server is queried after a call that suggests
 * that the model is gone, at most once a second. Thread-safe.
 */
final class ModelAvailability {
  private static final Logger log = LoggerFactory.getLogger(ModelAvailability.class);

  /** The time after which a caller may retry a model that is not ready. */
  static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  /**
   * The time for which a model that has worked counts as restarting, if its server does not report
   * whether it has the model.
   */
  static final Duration RESTART_TIME = Duration.ofMinutes(5);

  /** Triton's message for a model that is unknown, was unloaded or is being loaded. */
  private static final Pattern UNKNOWN_MODEL = Pattern.compile("Request for unknown model: ");

  private final Route route;
  private final Scheduler scheduler;
  private final SingleFlight flight;
  private final SingleFlight silence;
  private volatile ModelState state = ModelState.UNREPORTED;
  private volatile boolean served;
  private volatile boolean silent;
  private volatile @Nullable Long missingSince;

  ModelAvailability(Route route, Scheduler scheduler) {
    this.route = route;
    this.scheduler = scheduler;
    this.flight = new SingleFlight(scheduler);
    this.silence = new SingleFlight(scheduler);
  }

  /** Returns the last known state. Sends nothing. */
  ModelState state() {
    return state;
  }

  /** Returns whether the server's last report says that it does not have the model. */
  boolean isMissing() {
    return state.isMissing();
  }

  /** Returns whether the server's last report says that the model cannot be called. */
  boolean isUnavailable() {
    ModelState last = state;
    return last.isMissing() || last == ModelState.NOT_READY;
  }

  /** Records that the server has described the model or answered a call to it. */
  void found() {
    if (!served || state != ModelState.UNREPORTED) {
      served = true;
      state = ModelState.UNREPORTED;
      missingSince = null;
    }
  }

  /** Queries the server, even if the last answer is recent. Never fails. */
  CompletableFuture<ModelState> recheck() {
    flight.expire();
    return check();
  }

  /** Queries the server. Never fails. */
  CompletableFuture<ModelState> check() {
    return flight.run(this::ask, this::remember).thenApply(done -> state);
  }

  private CompletableFuture<ModelState> ask() {
    InferenceBackend backend = route.backend();
    return ModelState.of(backend, route.modelName(), version())
        .thenCompose(
            reported ->
                reported != ModelState.READY && mayBeRestarting()
                    ? ModelState.isSilent(backend)
                        .thenApply(silent -> silent ? ModelState.NOT_READY : reported)
                    : CompletableFuture.completedFuture(reported));
  }

  private boolean mayBeRestarting() {
    if (!served) {
      return false;
    }
    Long since = missingSince;
    if (since == null) {
      missingSince = scheduler.nanoTime();
      return true;
    }
    return scheduler.nanoTime() - since < RESTART_TIME.toNanos();
  }

  private Duration remember(@Nullable ModelState reported, @Nullable Throwable failure) {
    ModelState now = reported == null ? ModelState.UNREPORTED : reported;
    if (now != state && (now.isMissing() || now == ModelState.NOT_READY)) {
      log.warn("model not available model={} reason=\"{}\"", route.id(), reason(now));
    }
    state = now;
    return SingleFlight.DEFAULT_TTL;
  }

  private String version() {
    return route.modelVersion() == null ? "" : route.modelVersion();
  }

  /** Returns the problem according to the last known state; empty for none. */
  String reason() {
    return reason(state);
  }

  private String reason(ModelState state) {
    return state.reason(route.modelName(), version());
  }

  /**
   * Returns the reason why a server does not describe the model.
   *
   * @param byDefault the reason if the server has the model
   */
  String undescribed(ModelDescription described, String byDefault) {
    String reason = reason();
    if (!reason.isEmpty()) {
      return "model '%s': %s".formatted(route.id(), reason);
    }
    return state == ModelState.UNREPORTED && described.server().isEmpty()
        ? byDefault + " The server answers no metadata query: " + HINT
        : byDefault;
  }

  /** Returns the failure for a request whose model is not ready. */
  static OpenAiException notReady(String model) {
    return new BackendException(
            BackendCode.UNAVAILABLE,
            "The model '%s' is not ready: its server is loading it or restarting. Retry the request later."
                .formatted(InvalidRequestException.shown(model)))
        .withRetryAfter(RETRY_AFTER);
  }

  /** Queries the server about the failure of a call. Never fails. */
  CompletableFuture<Recovery> explain(Throwable failure) {
    if (!(failure instanceof BackendException backend) || !backend.saidByServer()) {
      return stands(failure);
    }
    return switch (backend.backendCode()) {
      case NOT_FOUND -> check().thenApply(now -> new Recovery(notFound(backend, now), null));
      case UNAVAILABLE ->
          UNKNOWN_MODEL.matcher(backend.getMessage()).find()
              ? check().thenApply(now -> new Recovery(unavailable(backend, now), null))
              : stands(unavailable(backend, ModelState.READY));
      case UNIMPLEMENTED ->
          SingleFlight.ask(this::checkSilence, ModelFeedback.WAIT, scheduler)
              .handle((done, late) -> new Recovery(silent ? unknownService() : failure, null));
      default -> stands(failure);
    };
  }

  /**
   * Returns the failure for NOT_FOUND. If the server has the model, it means another model, such as
   * one that an ensemble calls.
   */
  private OpenAiException notFound(BackendException failure, ModelState now) {
    return switch (now) {
      case NOT_READY -> notReady(route.id());
      case READY -> new BackendException(BackendCode.INTERNAL, failure.getMessage(), failure);
      default -> failure;
    };
  }

  private OpenAiException unavailable(BackendException failure, ModelState now) {
    if (now.isMissing()) {
      return InvalidRequestException.modelNotFound(route.id());
    }
    return failure.retryAfter() == null ? failure.withRetryAfter(RETRY_AFTER) : failure;
  }

  /** Checks whether the server answers any metadata query. */
  private CompletableFuture<Void> checkSilence() {
    return silence.run(
        () -> ModelState.answersNothing(route.backend()),
        (nothing, failure) -> {
          silent = Boolean.TRUE.equals(nothing);
          return SingleFlight.DEFAULT_TTL;
        });
  }

  private static CompletableFuture<Recovery> stands(Throwable failure) {
    return CompletableFuture.completedFuture(new Recovery(failure, null));
  }

  private static BackendException unknownService() {
    return new BackendException(
        BackendCode.INTERNAL, "The model server implements none of the protocol's RPCs: " + HINT);
  }

  /** The advice for a server that answers nothing. */
  static final String HINT =
      "it may use another gRPC service name, which the backend's 'service' sets, or may not be a"
          + " KServe v2 server.";
}
