package io.github.openaikserve.internal.responses;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.concurrent.Futures;
import io.github.openaikserve.internal.json.read.StoredJson;
import io.github.openaikserve.internal.json.write.ResponseWriter;
import io.github.openaikserve.openai.responses.Response;
import io.github.openaikserve.openai.responses.ResponseStatus;
import io.github.openaikserve.store.StoredItem;
import io.github.openaikserve.store.StoredObject;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One background response. It ends exactly once: completed, failed or cancelled. Thread-safe. */
final class BackgroundRun {
  private static final Logger log = LoggerFactory.getLogger(BackgroundRun.class);
  private static final int MAX_TRIES = 5;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private final ResponseStorage storage;
  private final Scheduler scheduler;
  private final BackgroundResponses.Prepared prepared;
  private final Response queued;
  private final CompletableFuture<Response> ended = new CompletableFuture<>();

  /** Completes when the response was stored as in progress, or storing it has failed. */
  private final CompletableFuture<?> begun = new CompletableFuture<>();

  // Guarded by this.
  private @Nullable Response last;
  private @Nullable CompletableFuture<Response> generation;

  BackgroundRun(
      ResponseStorage storage,
      Scheduler scheduler,
      BackgroundResponses.Prepared prepared,
      Response queued) {
    this.storage = storage;
    this.scheduler = scheduler;
    this.prepared = prepared;
    this.queued = queued;
  }

  Response queued() {
    return queued;
  }

  /**
   * Returns a future of the last state of the response, completed when it was stored or storing has
   * failed.
   */
  CompletableFuture<Response> ended() {
    return ended;
  }

  /** Starts the generation of the response. */
  void start() {
    byte[] json = ResponseWriter.write(prepared.empty(ResponseStatus.IN_PROGRESS));
    storage
        .store()
        .callWithin(s -> s.update(queued.id(), json, List.of()))
        .whenComplete(
            (present, failure) -> {
              begun.complete(null);
              generate();
            });
  }

  private void generate() {
    if (isEnded()) {
      return; // cancelled
    }
    CompletableFuture<Response> whole;
    try {
      whole = prepared.answer().whole();
    } catch (Throwable e) {
      whole = CompletableFuture.failedFuture(e);
    }
    synchronized (this) {
      generation = whole;
    }
    if (isEnded()) {
      whole.cancel(false);
    }
    whole.whenComplete(
        (response, failure) -> {
          if (failure == null) {
            end(response);
          } else if (!isEnded()) {
            end(failed(Futures.cause(failure)));
          }
        });
  }

  private synchronized boolean isEnded() {
    return last != null;
  }

  private Response failed(Throwable failure) {
    String reason =
        failure instanceof OpenAiException error ? error.loggableMessage() : failure.toString();
    log.warn("background response failed id={} reason=\"{}\"", queued.id(), reason);
    return prepared
        .chat()
        .empty(prepared.answer().head(), ResponseStatus.FAILED, ResponseErrors.of(failure));
  }

  /** Cancels the response unless it has ended. Returns its last state. */
  CompletableFuture<Response> cancel() {
    CompletableFuture<Response> running = end(prepared.empty(ResponseStatus.CANCELLED));
    if (running != null) {
      running.cancel(false);
    }
    return ended;
  }

  /**
   * Ends the response unless it has already ended. Returns the generation to cancel; null for none.
   */
  private @Nullable CompletableFuture<Response> end(Response response) {
    CompletableFuture<Response> running;
    synchronized (this) {
      if (last != null) {
        return null;
      }
      last = response;
      running = generation;
    }
    begun.whenComplete((done, failure) -> write(response, 1));
    return running;
  }

  private void write(Response response, int number) {
    storage
        .store()
        .within(() -> replace(response))
        .whenComplete(
            (stored, failure) -> {
              if (failure == null) {
                ended.complete(stored);
              } else {
                writeAgain(response, number, Futures.cause(failure));
              }
            });
  }

  /** Repeats a failed write, because the caller can only get the response from the store. */
  private void writeAgain(Response response, int number, Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (number == MAX_TRIES) {
      log.warn("background response lost id={} reason=\"{}\"", response.id(), cause.toString());
      ended.complete(response.unstored());
      return;
    }
    try {
      scheduler.schedule(
          FIRST_PAUSE.multipliedBy(1L << (number - 1)), () -> write(response, number + 1));
    } catch (Throwable e) { // thrown by an application's scheduler
      ended.complete(response.unstored());
    }
  }

  /** Replaces the stored response, unless it was deleted, or cancelled by another process. */
  private CompletableFuture<Response> replace(Response response) {
    return storage
        .store()
        .call(s -> s.get(response.id()))
        .thenCompose(
            found -> {
              Optional<StoredObject> open = found.filter(object -> !isCancelled(object));
              return open.isEmpty()
                  ? CompletableFuture.completedFuture(response)
                  : replace(response, open.get());
            });
  }

  private static boolean isCancelled(StoredObject object) {
    return ResponseStatus.CANCELLED.value().equals(StoredJson.fields(object.json()).get("status"));
  }

  private CompletableFuture<Response> replace(Response response, StoredObject stored) {
    List<StoredItem> output = storage.items(response.output());
    byte[] json = ResponseWriter.write(response);
    return storage
        .store()
        .call(s -> s.update(response.id(), json, output))
        .thenCompose(
            present -> {
              String conversation = response.request().conversation();
              boolean complete =
                  response.status() == ResponseStatus.COMPLETED
                      || response.status() == ResponseStatus.INCOMPLETE;
              if (!complete || conversation == null) {
                return CompletableFuture.completedFuture(null);
              }
              List<StoredItem> items = new ArrayList<>(stored.items());
              items.addAll(output);
              return storage.append(conversation, items);
            })
        .thenApply(done -> response);
  }
}
