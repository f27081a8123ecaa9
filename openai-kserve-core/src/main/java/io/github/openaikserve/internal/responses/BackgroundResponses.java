package io.github.openaikserve.internal.responses;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.OverloadedException;
import io.github.openaikserve.internal.answer.GeneratedAnswer;
import io.github.openaikserve.internal.answer.call.WholeAnswer;
import io.github.openaikserve.internal.concurrent.Futures;
import io.github.openaikserve.internal.json.write.ResponseWriter;
import io.github.openaikserve.openai.responses.Response;
import io.github.openaikserve.openai.responses.ResponseStatus;
import io.github.openaikserve.openai.responses.ResponseStreamEvent;
import io.github.openaikserve.store.StoredObject;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The background responses of this process. Thread-safe. */
final class BackgroundResponses {
  private static final int MAX_RUNNING = 100;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Scheduler scheduler;
  private final Semaphore permits = new Semaphore(MAX_RUNNING);
  private final Map<String, BackgroundRun> runs = new ConcurrentHashMap<>();

  BackgroundResponses(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** A response with a valid request whose generation has not started. */
  record Prepared(
      ResponseChat chat, Turn turn, GeneratedAnswer<ResponseStreamEvent, Response> answer) {
    Response empty(ResponseStatus status) {
      return chat.empty(answer.head(), status, null);
    }
  }

  /**
   * Starts a response after it was stored as queued. Cancelling the future has no effect.
   *
   * @param storage the storage of the response's owner
   * @throws OverloadedException if the maximum number of background responses is running
   */
  CompletableFuture<WholeAnswer<Response>> start(
      ResponseStorage storage, Supplier<CompletableFuture<Prepared>> preparation) {
    if (!permits.tryAcquire()) {
      throw new OverloadedException(
          "The maximum of %d background responses is running. Retry later, or without 'background'."
              .formatted(MAX_RUNNING),
          RETRY_AFTER);
    }
    var reply = new CompletableFuture<WholeAnswer<Response>>();
    CompletableFuture<BackgroundRun> queued;
    try {
      queued = preparation.get().thenCompose(prepared -> queue(storage, prepared));
    } catch (Throwable e) {
      permits.release();
      throw e;
    }
    queued.whenComplete(
        (run, failure) -> {
          if (failure != null) {
            permits.release();
            reply.completeExceptionally(Futures.cause(failure));
            return;
          }
          reply.complete(new Queued(run.queued()));
          run.start();
        });
    return reply;
  }

  private CompletableFuture<BackgroundRun> queue(ResponseStorage storage, Prepared prepared) {
    Response queued = prepared.empty(ResponseStatus.QUEUED);
    String id = storage.ownedId(queued.id());
    var run = new BackgroundRun(storage, scheduler, prepared, queued);
    return storage
        .store()
        .callWithin(s -> s.put(storage.object(queued, prepared.turn())))
        .thenApply(
            stored -> {
              runs.put(id, run);
              run.ended()
                  .whenComplete(
                      (response, failure) -> {
                        runs.remove(id);
                        permits.release();
                      });
              return run;
            });
  }

  /** An answer that is immediately available. */
  private record Queued(Response response) implements WholeAnswer<Response> {
    @Override
    public List<String> droppedParams() {
      return response.droppedParams();
    }

    @Override
    public CompletableFuture<Response> whole() {
      return CompletableFuture.completedFuture(response);
    }
  }

  /** Cancels a response, and waits until it is stored; empty if this process does not run it. */
  Optional<CompletableFuture<Response>> cancel(ResponseStorage storage, String id) {
    return Optional.ofNullable(runs.get(storage.ownedId(id))).map(BackgroundRun::cancel);
  }

  /**
   * Cancels a stored response, and waits until it is stored. A response that has ended is not
   * changed.
   *
   * @return fails with {@link InvalidRequestException} if the response is not stored, or is not a
   *     background response
   */
  CompletableFuture<Response> cancelStored(ResponseStorage storage, String id) {
    Optional<CompletableFuture<Response>> running = cancel(storage, id);
    return running.isPresent()
        ? running.get().thenApply(last -> last)
        : storage.get(id).thenCompose(object -> cancelElsewhere(storage, object));
  }

  /** Cancels a response that another process generates, or generated before that process ended. */
  private static CompletableFuture<Response> cancelElsewhere(
      ResponseStorage storage, StoredObject object) {
    Response response = ResponseStorage.read(object);
    if (!Boolean.TRUE.equals(response.request().background())) {
      throw InvalidRequestException.badValue(
          null,
          "response_not_in_background",
          "Cannot cancel the response: only responses with 'background': true can be cancelled.");
    }
    if (response.status() != ResponseStatus.QUEUED
        && response.status() != ResponseStatus.IN_PROGRESS) {
      return CompletableFuture.completedFuture(response);
    }
    Response cancelled = response.withStatus(ResponseStatus.CANCELLED);
    return storage
        .store()
        .callWithin(s -> s.update(object.id(), ResponseWriter.write(cancelled), List.of()))
        .thenApply(present -> cancelled);
  }

  /**
   * Waits until all ended responses are stored, or the timeout has passed. Returns whether they are
   * stored.
   */
  boolean awaitStored(Duration timeout) throws InterruptedException {
    CompletableFuture<?>[] ends =
        runs.values().stream().map(BackgroundRun::ended).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(ends)
          .get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }
}
