package io.github.openaikserve.internal.model;

import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the ends of the calls to one model suggest about it: calls that speak of tensors put its
 * description in doubt, and others its presence. Thread-safe.
 */
final class ModelFeedback implements CallFeedback {
  /** How long requests wait for an answer about a model. */
  static final Duration WAIT = Duration.ofSeconds(2);

  /** For how long failures of the same words wait for no question after an unfounded doubt. */
  private static final Duration UNFOUNDED_TIME = Duration.ofSeconds(10);

  /** What differs between two failures of one kind. */
  private static final Pattern PARTICULARS =
      Pattern.compile("\\[request id: [^\\]]{0,200}\\]|\\d+");

  /** A failure that was found to have another reason than its words suggest. Immutable. */
  private record Unfounded(long at, int words) {}

  private final RegisteredModel model;
  private final ModelAvailability availability;
  private final Refresher refresher;
  private final Scheduler scheduler;

  /** The question that is asked because of a doubt; null if none is. */
  private volatile @Nullable CompletableFuture<Void> doubt;

  /** The last doubt that was unfounded; null if none was. */
  private volatile @Nullable Unfounded unfounded;

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
      doubt(words(failure));
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
    int words = words(failure);
    return SingleFlight.ask(() -> doubt(words), WAIT, scheduler)
        .handle((done, late) -> newer(used))
        .thenCompose(
            newer -> {
              if (newer == null) {
                unfounded = new Unfounded(scheduler.nanoTime(), words);
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
   * @param words the kind of failure
   * @return the question that is being answered, or the next one unless the last doubt was
   *     unfounded and had the same words
   */
  private CompletableFuture<Void> doubt(int words) {
    CompletableFuture<Void> next = refresher.request();
    CompletableFuture<Void> running = refresher.running();
    if (running == null) {
      return isUnfounded(words) ? CompletableFuture.completedFuture(null) : next;
    }
    doubt = running;
    running.whenComplete((done, failure) -> doubt = null);
    return running;
  }

  private boolean isUnfounded(int words) {
    Unfounded last = unfounded;
    return last != null
        && last.words() == words
        && scheduler.nanoTime() - last.at() < UNFOUNDED_TIME.toNanos();
  }

  /** Returns a hash of the words of a failure, which are not kept. */
  private static int words(Throwable failure) {
    return PARTICULARS.matcher(String.valueOf(failure.getMessage())).replaceAll("").hashCode();
  }
}
