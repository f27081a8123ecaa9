package io.github.openaikserve.internal.model;

import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The feedback of calls to one model. A failure that mentions tensors casts doubt on the model's
 * description; other failures cast doubt on whether the server has the model. Thread-safe.
 */
final class ModelFeedback implements CallFeedback {
  /** The maximum time that requests wait for the answer to a query about the model. */
  static final Duration WAIT = Duration.ofSeconds(2);

  /**
   * The time after an unfounded doubt in which failures with the same message do not wait for a
   * query.
   */
  private static final Duration UNFOUNDED_TIME = Duration.ofSeconds(10);

  /** The parts of a message that differ between failures of the same kind. */
  private static final Pattern PARTICULARS =
      Pattern.compile("\\[request id: [^\\]]{0,200}\\]|\\d+");

  /**
   * A doubt that proved unfounded: the failure had another reason than its message suggested.
   * Immutable.
   */
  private record Unfounded(long at, int words) {}

  /** The suspicion that a failed call raises about its model. */
  private enum Suspicion {
    /** Nothing. */
    NONE,
    /** The model may have other input or output tensors than the known ones. */
    TENSORS,
    /** The server may no longer have the model. */
    MISSING,
    /** After a restart, the server may be another one or another release. */
    UNAVAILABLE;

    /** Words in messages about a model's inputs and outputs, or about keys in an input. */
    private static final Pattern TENSOR_WORDS =
        Pattern.compile(
            "\\b(?:in|out)puts?\\b|\\btensors?\\b|\\bdata-?type\\b|\\bshape\\b|\\bdecoupled\\b"
                + "|lora_name|unexpected keyword",
            Pattern.CASE_INSENSITIVE);

    static Suspicion of(Throwable failure) {
      if (failure instanceof DialectException) {
        return TENSORS;
      }
      if (!(failure instanceof BackendException backend)) {
        return NONE;
      }
      return switch (backend.backendCode()) {
        case NOT_FOUND -> backend.saidByServer() ? MISSING : NONE;
        case UNAVAILABLE -> UNAVAILABLE;
        case UNIMPLEMENTED -> TENSORS;
        case UNKNOWN, INTERNAL, INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE, ABORTED ->
            backend.saidByServer() && TENSOR_WORDS.matcher(backend.getMessage()).find()
                ? TENSORS
                : NONE;
        default -> NONE;
      };
    }
  }

  private final RegisteredModel model;
  private final ModelAvailability availability;
  private final Refresher refresher;
  private final Scheduler scheduler;

  /** The running query that a doubt has caused; null for none. */
  private volatile @Nullable CompletableFuture<Void> doubt;

  /** The last unfounded doubt; null for none. */
  private volatile @Nullable Unfounded unfounded;

  /** Whether a call was answered since the model's description last changed. */
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

  /** Records that the model's description has changed. */
  void described() {
    answered = false;
  }

  /**
   * Returns the query that a request should wait for; null for none. Requests do not wait if the
   * model has answered a call, because otherwise one client's invalid requests would delay all
   * others.
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

  /** Repeats the call if its route is outdated. */
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
   * Queries the description, or schedules a query if the last one was very recent.
   *
   * @param words the kind of failure
   * @return the running query, or the next one unless the last doubt was unfounded and had the same
   *     message
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

  /** Returns a hash of a failure's message. The message itself is not kept. */
  private static int words(Throwable failure) {
    return PARTICULARS.matcher(String.valueOf(failure.getMessage())).replaceAll("").hashCode();
  }
}
