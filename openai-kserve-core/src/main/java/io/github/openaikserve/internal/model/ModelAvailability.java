package io.github.openaikserve.internal.model;

import io.github.openaikserve.backend.InferenceBackend;
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
 * Whether the server of one model has the model. The server is asked after a call that suggests
 * that it has not, at most once a second. Thread-safe.
 */
final class ModelAvailability {
  private static final Logger log = LoggerFactory.getLogger(ModelAvailability.class);

  /** The time after which a caller may try a model again that is not ready. */
  static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  /**
   * How long a model that was served counts as restarting, at a server that does not say whether it
   * has the model.
   */
  static final Duration RESTART_TIME = Duration.ofMinutes(5);

  /** Triton's words about a model that is unknown, was unloaded or is being loaded. */
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

  /** Returns the last known state. Asks nothing. */
  ModelState state() {
    return state;
  }

  /** Returns whether the server has last reported that it does not have the model. */
  boolean isMissing() {
    return state.isMissing();
  }

  /** Returns whether the server has last reported that the model cannot be called now. */
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

  /** Asks the server, however recent its last answer is. Never fails. */
  CompletableFuture<ModelState> recheck() {
    flight.expire();
    return check();
  }

  /** Asks the server. Never fails. */
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

  /** Returns what is wrong by the last known state; empty if nothing is known to be. */
  String reason() {
    return reason(state);
  }

  private String reason(ModelState state) {
    return state.reason(route.modelName(), version());
  }

  /** Returns the failure of a request for a model that is not ready. */
  static OpenAiException notReady(String model) {
    return new BackendException(
            BackendCode.UNAVAILABLE,
            "The model '%s' is not ready: its server is loading it or restarting."
                .formatted(InvalidRequestException.shown(model)))
        .withRetryAfter(RETRY_AFTER);
  }

  /** Asks the server about the failure of a call. Never fails. */
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

  /** A server that has the model means another one: a part of it, such as one that it calls. */
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

  /** Asks whether the server answers any question. */
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
        BackendCode.INTERNAL,
        "The model server answers none of the protocol's procedures: " + HINT);
  }

  /** What to do about a server that answers nothing. */
  static final String HINT =
      "it may serve them under another name, which the backend's 'service' sets, or may not be a KServe v2 server.";
}
