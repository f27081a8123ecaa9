package io.github.openaikserve.internal.responses;

import io.github.openaikserve.error.ResponseStoreException;
import io.github.openaikserve.internal.concurrent.Futures;
import io.github.openaikserve.store.ResponseStore;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A wrapper of the application's store. It reports every failure as a future that fails with a
 * {@link ResponseStoreException}. Thread-safe.
 */
final class GuardedStore {
  private static final Logger log = LoggerFactory.getLogger(GuardedStore.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final ResponseStore store;
  private final Scheduler scheduler;
  private final AtomicBoolean failing;

  GuardedStore(ResponseStore store, Scheduler scheduler) {
    this(store, scheduler, new AtomicBoolean());
  }

  private GuardedStore(ResponseStore store, Scheduler scheduler, AtomicBoolean failing) {
    this.store = store;
    this.scheduler = scheduler;
    this.failing = failing;
  }

  /** Returns a view of this store for one owner. */
  GuardedStore ownedBy(String owner) {
    return new GuardedStore(new OwnedStore(store, owner), scheduler, failing);
  }

  /** Calls the store. */
  <T> CompletableFuture<T> call(Function<ResponseStore, CompletableFuture<T>> call) {
    CompletableFuture<T> answer;
    try {
      answer = Objects.requireNonNull(call.apply(store), "the store returned null");
    } catch (Throwable e) {
      answer = CompletableFuture.failedFuture(e);
    }
    var guarded = new CompletableFuture<T>();
    answer.whenComplete(
        (value, failure) -> {
          if (failure == null) {
            answered();
            guarded.complete(value);
          } else {
            guarded.completeExceptionally(failed(Futures.cause(failure)));
          }
        });
    return guarded;
  }

  /** Returns a future of several calls that fails if they take longer than 10 seconds. */
  <T> CompletableFuture<T> within(Supplier<CompletableFuture<T>> calls) {
    CompletableFuture<T> answer = calls.get();
    if (answer.isDone()) {
      return answer;
    }
    var limited = new CompletableFuture<T>();
    Scheduler.Cancellable timer;
    try {
      timer =
          scheduler.schedule(
              TIMEOUT,
              () -> {
                if (!limited.isDone()) {
                  limited.completeExceptionally(
                      failed(
                          new TimeoutException("no answer within " + TIMEOUT.toSeconds() + " s")));
                }
              });
    } catch (Throwable e) { // thrown by an application's scheduler
      return CompletableFuture.failedFuture(e);
    }
    answer.whenComplete(
        (value, failure) -> {
          timer.cancel();
          if (failure == null) {
            limited.complete(value);
          } else {
            limited.completeExceptionally(Futures.cause(failure));
          }
        });
    return limited;
  }

  /** Calls the store. Fails if the store does not answer within 10 seconds. */
  <T> CompletableFuture<T> callWithin(Function<ResponseStore, CompletableFuture<T>> call) {
    return within(() -> call(call));
  }

  private void answered() {
    if (failing.getPlain() && failing.compareAndSet(true, false)) {
      log.info("response store available again");
    }
  }

  private ResponseStoreException failed(Throwable cause) {
    if (failing.compareAndSet(false, true)) {
      log.warn("response store failed, further failures are not logged until it recovers", cause);
    }
    return new ResponseStoreException(cause);
  }
}
