package io.github.openaikserve.internal.model;

import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the ends of the calls to one model suggest about it: calls that speak of tensors put its
 * description in doubt, and others its presence. Thread-safe.
 */
final class ModelFeedback implements CallFeedback {
  /** How long requests wait for an answer about a model. */
  static final Duration WAIT = Duration.ofSeconds(2);

  /** For how long failures wait for no question after a doubt that was unfounded. */
  private static final Duration UNFOUNDED_TIME = Duration.ofSeconds(10);

  private final RegisteredModel model;
  private final ModelAvailability availability;
  private final Refresher refresher;
  private final Scheduler scheduler;

  /** The question that is asked because of a doubt; null if none is. */
  private volatile @Nullable CompletableFuture<Void> doubt;

  /** When a failure that spoke of tensors was last found to have another reason. */
  private volatile @Nullable Long unfounded;

  /** Whether a call was answered since the server last described the model in a new way. */
  private volatile boolean answered;

  ModelFeedback(
      RegisteredModel model,
      ModelAvailability availability,
      Refresher refresher,
      Scheduler scheduler) {
    this.model = model;
    this.availability = availability;
    this.refresher = refresher;
    this.scheduler = scheduler;
  }

  /** Records that the server has described the model in a new way. */
  void described() {
    answered = false;
  }

  /**
   * Returns the question that a request should wait for; null if none. A request for a model that
   * has answered does not wait: bad requests of one client would delay those of all others.
   *
   * @return never fails, and completes within {@link #WAIT}
   */
  @Nullable CompletableFuture<Void> awaited() {
    CompletableFuture<Void> asked = doubt;
    return asked == null || answered
        ? null
        : SingleFlight.ask(() -> asked, WAIT, scheduler).handle((done, late) -> null);
  }

  @Override
  public void onAnswered() {
    if (!answered) {
      answered = true;
    }
    availability.found();
  }

  @Override
  public void onFailure(Throwable failure) {
    Suspicion suspicion = Suspicion.of(failure);
    if (suspicion == Suspicion.TENSORS) {
      doubt();
    } else if (suspicion != Suspicion.NONE) {
      model.refreshSoon();
    }
  }

  @Override
  public @Nullable CompletableFuture<Recovery> recover(Throwable failure, Route used) {
    return switch (Suspicion.of(failure)) {
      case NONE -> null;
      case TENSORS -> repeated(failure, used);
      case MISSING, UNAVAILABLE -> {
        model.refreshSoon();
        yield availability.explain(failure);
      }
    };
  }

  /** Lets the call be made once more if its route is not the newest one. */
  private CompletableFuture<Recovery> repeated(Throwable failure, Route used) {
    if (newer(used) != null) {
      return recovery(failure, newer(used));
    }
    return SingleFlight.ask(this::doubt, WAIT, scheduler)
        .handle((done, late) -> newer(used))
        .thenCompose(
            newer -> {
              if (newer == null) {
                unfounded = scheduler.nanoTime();
              }
              return recovery(failure, newer);
            });
  }

  private CompletableFuture<Recovery> recovery(Throwable failure, @Nullable Route newer) {
    return newer == null
        ? availability.explain(failure)
        : CompletableFuture.completedFuture(new Recovery(failure, newer));
  }

  private @Nullable Route newer(Route used) {
    Route current = model.known().orElse(null);
    return used.equals(current) ? null : current;
  }

  /**
   * Asks for the description now, or soon if it was asked for just now.
   *
   * @return the question that is being answered, or the next one unless the last doubt was
   *     unfounded
   */
  private CompletableFuture<Void> doubt() {
    CompletableFuture<Void> next = refresher.request();
    CompletableFuture<Void> running = refresher.running();
    if (running == null) {
      return isUnfounded() ? CompletableFuture.completedFuture(null) : next;
    }
    doubt = running;
    running.whenComplete((done, failure) -> doubt = null);
    return running;
  }

  private boolean isUnfounded() {
    Long since = unfounded;
    return since != null && scheduler.nanoTime() - since < UNFOUNDED_TIME.toNanos();
  }
}
