package io.github.openaikserve.server.http;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiResponse;
import io.vertx.core.Context;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The call of the handler for one request. Runs on one event loop, except the work that would block
 * the event loop: parsing a large body, reading a stored conversation and compressing a response.
 */
final class HandlerCall {
  private static final Logger log = LoggerFactory.getLogger(HandlerCall.class);

  private final Served served;
  private final RequestHead head;
  private final RequestBody body;
  private final Context context;
  private final Consumer<@Nullable ApiResponse> answered;
  private @Nullable CompletableFuture<ApiResponse> pending;
  private boolean started;
  private boolean completed;
  private boolean ended;
  private volatile boolean cancelled;

  /**
   * Creates a call.
   *
   * @param answered receives the response on the event loop; null if the handler has failed
   */
  HandlerCall(
      Served served,
      RequestHead head,
      RequestBody body,
      Context context,
      Consumer<@Nullable ApiResponse> answered) {
    this.served = served;
    this.head = head;
    this.body = body;
    this.context = context;
    this.answered = answered;
  }

  void start() {
    started = true;
    int length = head.isCompressed() ? Integer.MAX_VALUE : body.length();
    if (head.mayReadStored() && length <= Workers.MAX_USUAL) {
      beginOn(served.workers().stored());
    } else if (length > Workers.MAX_ON_EVENT_LOOP) {
      beginOn(served.workers().of(length));
    } else {
      await(begin());
    }
  }

  private void beginOn(Executor worker) {
    worker.execute(
        () -> {
          CompletableFuture<ApiResponse> begun = cancelled ? cancelled() : begin();
          later(() -> await(begun));
        });
  }

  private static CompletableFuture<ApiResponse> cancelled() {
    return CompletableFuture.failedFuture(new CancellationException());
  }

  private CompletableFuture<ApiResponse> begin() {
    try {
      if (head.isCompressed()) {
        body.inflate();
      }
      return served.handler().handle(head.with(body.whole()));
    } catch (OpenAiException e) {
      return CompletableFuture.completedFuture(served.handler().refuse(head.withoutBody(), e));
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void await(CompletableFuture<ApiResponse> begun) {
    pending = begun;
    begun.whenComplete((ready, failure) -> later(() -> complete(ready, failure)));
    if (cancelled) {
      begun.cancel(false);
    }
  }

  private void complete(@Nullable ApiResponse ready, @Nullable Throwable failure) {
    completed = true;
    body.drop();
    releaseUnused();
    if (ready == null) {
      if (!cancelled) {
        log.error("request handler failed", failure);
      }
      answered.accept(null);
    } else if (!cancelled && Gzip.isWanted(head, ready)) {
      served.workers().of(Math.toIntExact(ready.body().length())).execute(() -> compress(ready));
    } else {
      answered.accept(ready);
    }
  }

  private void compress(ApiResponse ready) {
    ApiResponse compressed = Gzip.compress(ready);
    later(() -> answered.accept(compressed));
  }

  /** Cancels the call of the handler, which may still return a response. */
  void cancel() {
    cancelled = true;
    CompletableFuture<ApiResponse> begun = pending;
    if (begun != null) {
      begun.cancel(false);
    }
  }

  /** Releases the body, as soon as the handler cannot be reading it. */
  void release() {
    ended = true;
    releaseUnused();
  }

  private void releaseUnused() {
    if (ended && (completed || !started)) {
      body.release();
    }
  }

  private void later(Runnable task) {
    context.runOnContext(nothing -> task.run());
  }
}
